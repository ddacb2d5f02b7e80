package org.brokecluster.coordinator.request;

/**
 * When a Submit is due again: after a first pause that doubles up to a longest one. Once a router
 * has answered, it is asked at the longest pause only, in case it is replaced meanwhile. All times
 * are milliseconds of the edge's own clock.
 */
final class SubmitPace {
  private static final long LONGEST_MS = 4_000;

  private final long firstMs;
  private long pauseMs;
  private long dueMs;
  private long heardMs;

  SubmitPace(long firstMs, long nowMs) {
    this.firstMs = firstMs;
    this.heardMs = nowMs;
  }

  /** A Submit goes out now. */
  void sent(long nowMs) {
    pauseMs = pauseMs == 0 ? firstMs : Math.min(pauseMs * 2, LONGEST_MS);
    dueMs = nowMs + pauseMs;
  }

  /** A router has the request. */
  void answered(long nowMs) {
    pauseMs = LONGEST_MS / 2;
    heardMs = nowMs;
  }

  /** The next attempt begins at the first pause again. */
  void restart(long nowMs) {
    pauseMs = 0;
    heardMs = nowMs;
  }

  /** How long no router has answered, since the attempt began at the most. */
  long silenceMs(long nowMs) {
    return nowMs - heardMs;
  }

  /** The next Submit waits for the first pause. */
  void rest(long nowMs) {
    dueMs = nowMs + firstMs;
  }

  boolean due(long nowMs) {
    return nowMs >= dueMs;
  }
}
