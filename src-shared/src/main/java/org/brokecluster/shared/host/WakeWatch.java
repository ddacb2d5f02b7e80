package org.brokecluster.shared.host;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the clock every second, and tells when this machine slept in between. Thread safe. */
final class WakeWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WakeWatch.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration LATE = Duration.ofSeconds(3);

  private final SleepDetector detector = new SleepDetector(TICK, LATE);
  private final Consumer<Duration> listener;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var made = new Thread(task, "broke-wake");
            made.setDaemon(true);
            return made;
          });

  private WakeWatch(Consumer<Duration> listener) {
    this.listener = listener;
  }

  /**
   * Begins to look.
   *
   * @param listener told about how long the machine slept, on the watch's thread
   */
  static WakeWatch start(Consumer<Duration> listener) {
    var watch = new WakeWatch(listener);
    long millis = TICK.toMillis();
    var unused = watch.thread.scheduleWithFixedDelay(watch::tick, 0, millis, TimeUnit.MILLISECONDS);
    return watch;
  }

  private void tick() {
    try {
      var slept = detector.tick(System.currentTimeMillis());
      if (!slept.isZero()) {
        LOG.info("this machine slept or stood still: seconds={}", slept.toSeconds());
        listener.accept(slept);
      }
    } catch (RuntimeException e) {
      // Thrown on, it would end the looks for good.
      LOG.warn("cannot go on as usual after a sleep", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
