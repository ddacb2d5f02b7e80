package org.brokecluster.coordinator.request;

import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * When a Submit is due again: after a first pause that doubles up to a longest one. Once a router
 * has answered, it is asked at the longest pause only, in case it is replaced meanwhile. All times
 * are milliseconds of the edge's own clock.
 */
final class SubmitPace {
  private static final long LONGEST_MS = 4_000;
  private static final long REST_MAX_MS = 60_000;

  private static final long BREATH_MS = 100;
  private static final int DOUBLINGS_MAX = 4;
  private static final int VARIATION_PERCENT = 25;

  private final long firstMs;
  private final int variation;
  private long pauseMs;
  private long dueMs;
  private long heardMs;

  /**
   * For a request that begins now.
   *
   * @param request varies the pauses before retries, so that requests that broke together do not
   *     come back together
   */
  SubmitPace(long firstMs, long nowMs, RequestId request) {
    this.firstMs = firstMs;
    this.variation = Math.floorMod(request.value().hashCode() * 31, VARIATION_PERCENT + 1);
    this.heardMs = nowMs;
  }

  private SubmitPace(long firstMs, int variation, long nowMs) {
    this.firstMs = firstMs;
    this.variation = variation;
    this.heardMs = nowMs;
  }

  /** The pace of another attempt of the request, which begins now. */
  SubmitPace another(long nowMs) {
    return new SubmitPace(firstMs, variation, nowMs);
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
   * The next Submit waits before what failed is tried again: the first pause, twice that after
   * every further failure, or as long as a runtime asked for; and up to a quarter longer.
   *
   * @param failures attempts that broke so far, at least 1
   * @param askedMs what the runtime asked for, or null
   */
  void rest(long nowMs, int failures, @Nullable Long askedMs) {
    long usual = firstMs << Math.min(failures - 1, DOUBLINGS_MAX);
    long asked = askedMs == null ? 0 : Math.min(askedMs, REST_MAX_MS);
    dueMs = nowMs + varied(Math.max(usual, asked));
  }

  /** The next Submit waits for a moment, so that a hiccup of a runtime may pass. */
  void breathe(long nowMs) {
    dueMs = nowMs + varied(BREATH_MS);
  }

  private long varied(long pause) {
    return pause + pause * variation / 100;
  }

  /** Counts the silence of the routers from now on. */
  void forgive(long nowMs) {
    heardMs = Math.max(heardMs, nowMs);
  }

  boolean due(long nowMs) {
    return nowMs >= dueMs;
  }
}
