package org.brokecluster.coordinator.request;

import org.jspecify.annotations.Nullable;

/**
 * When a Submit is due again: after a first pause that doubles up to a longest one. Once a router
 * has answered, it is asked at the longest pause only, in case it is replaced meanwhile. All times
 * are milliseconds of the edge's own clock.
 */
final class SubmitPace {
  private static final long LONGEST_MS = 4_000;
  private static final long REST_MAX_MS = 60_000;

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

  /**
   * The next Submit waits for the first pause, or as long as a runtime asked for.
   *
   * @param askedMs what it asked for, or null
   */
  void rest(long nowMs, @Nullable Long askedMs) {
    dueMs = nowMs + Math.max(firstMs, askedMs == null ? 0 : Math.min(askedMs, REST_MAX_MS));
  }

  /** Counts the silence of the routers from now on. */
  void forgive(long nowMs) {
    heardMs = Math.max(heardMs, nowMs);
  }

  boolean due(long nowMs) {
    return nowMs >= dueMs;
  }
}
