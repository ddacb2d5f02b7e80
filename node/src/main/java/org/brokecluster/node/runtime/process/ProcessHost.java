package org.brokecluster.node.runtime.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all supervised processes of a node share: one thread that decides, a few that may block, the
 * register in the data folder, and the meters. Lives as long as the host.
 */
public final class ProcessHost {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessHost.class);
  private static final int BLOCKING_THREADS = 8;
  private static final long THREAD_IDLE_SECONDS = 10;

  private final ProcessSettings settings;
  private final ProcessRegister register;
  private final PortOwner ports;
  private final ScheduledExecutorService loop;
  private final ThreadPoolExecutor blocking;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger users = new AtomicInteger();
  private final Counter restarts;
  private final Counter orphans;
  private final CompletableFuture<Void> reaped = new CompletableFuture<>();

  /** Starts the threads, and ends in the background what an earlier run has left behind. */
  public ProcessHost(
      ProcessSettings settings, ProcessRegister register, PortOwner ports, MeterRegistry meters) {
    this.settings = settings;
    this.register = register;
    this.ports = ports;
    loop = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "broke-processes"));
    blocking =
        new ThreadPoolExecutor(
            BLOCKING_THREADS,
            BLOCKING_THREADS,
            THREAD_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, "broke-process-work"));
    blocking.allowCoreThreadTimeOut(true);
    restarts =
        Counter.builder("broke.node.process.restarts")
            .description("model servers started again after a crash")
            .register(meters);
    orphans =
        Counter.builder("broke.node.process.orphans")
            .description("model servers of an earlier run that were ended")
            .register(meters);
    Gauge.builder("broke.node.processes", running, Number::doubleValue)
        .description("model servers that run as processes of this node")
        .register(meters);
    Gauge.builder("broke.node.kv.waiting", waiting, Number::doubleValue)
        .description(
            "requests with a slot that wait for KV cache, at most as many as there are slots")
        .register(meters);
    blocking.execute(this::reap);
  }

  private void reap() {
    try {
      int count = new OrphanReaper(register, settings.stopGrace()).reap();
      orphans.increment(count);
      if (count > 0) {
        LOG.info("ended model servers that an earlier run left behind: processes={}", count);
      }
    } catch (RuntimeException e) {
      LOG.error("looking for model servers of an earlier run failed, going on", e);
    } finally {
      reaped.complete(null);
    }
  }

  /** Completes when nothing of an earlier run is left; nothing is to be started before. */
  CompletionStage<Void> reaped() {
    return reaped;
  }

  ProcessSettings settings() {
    return settings;
  }

  ProcessRegister register() {
    return register;
  }

  PortOwner ports() {
    return ports;
  }

  /** The thread that decides; never blocked. */
  ScheduledExecutorService loop() {
    return loop;
  }

  /** Threads that may block for seconds. */
  public Executor blocking() {
    return blocking;
  }

  void started() {
    running.incrementAndGet();
  }

  void ended() {
    running.decrementAndGet();
  }

  void waits(int change) {
    waiting.addAndGet(change);
  }

  void restarted() {
    restarts.increment();
  }

  /** Monotonic time of all decisions. */
  long now() {
    return System.nanoTime();
  }

  /** A runtime uses this host until it calls {@link #release}. */
  void retain() {
    users.incrementAndGet();
  }

  /** Ends the threads after the last user, whose processes must have been stopped before. */
  void release() {
    if (users.decrementAndGet() == 0) {
      loop.shutdown();
      blocking.shutdown();
    }
  }

  private static Thread daemon(Runnable task, String name) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
