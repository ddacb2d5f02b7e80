package org.brokecluster.node.runtime.simulated;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real time and one daemon thread. */
final class ThreadClock implements SimulationClock {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadClock.class);

  private final ScheduledThreadPoolExecutor executor;

  ThreadClock() {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var thread = new Thread(task, "broke-simulated");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("the simulated runtime is closed, a late task is dropped");
    }
  }

  @Override
  public Ticking every(Duration interval, Runnable task) {
    long nanos = interval.toNanos();
    var future = executor.scheduleAtFixedRate(guarded(task), nanos, nanos, TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public void close() {
    executor.shutdown();
  }

  /** One broken task must not end all answers of the machine. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("the simulated runtime broke in a step, others go on", e);
      }
    };
  }
}
