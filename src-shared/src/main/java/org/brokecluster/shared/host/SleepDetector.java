package org.brokecluster.shared.host;

import java.time.Duration;

/**
 * Notices on waking that this machine slept: a tick came much later than it should have, by the
 * wall clock, because other clocks stand still in the meantime. Pure and not thread safe.
 */
final class SleepDetector {
  private final long tickMs;
  private final long lateMs;
  private long lastMs = -1;

  /**
   * For ticks at this interval.
   *
   * @param late lateness from which on it was sleep
   */
  SleepDetector(Duration tick, Duration late) {
    this.tickMs = tick.toMillis();
    this.lateMs = late.toMillis();
  }

  /** How long this machine slept before this tick; zero if it did not. */
  Duration tick(long wallMs) {
    long late = lastMs < 0 ? 0 : wallMs - lastMs - tickMs;
    lastMs = wallMs;
    return late >= lateMs ? Duration.ofMillis(late) : Duration.ZERO;
  }
}
