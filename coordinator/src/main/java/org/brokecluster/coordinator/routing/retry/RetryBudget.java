package org.brokecluster.coordinator.routing.retry;

/**
 * Keeps retries from multiplying load: a token bucket, filled by requests that come for the first
 * time and a little by time, from which every retry takes one token; as Finagle's {@code
 * RetryBudget} and gRPC's retry throttling have it.
 *
 * <p>A retry that saves what a client has already, or what a lost machine was working on, may
 * overdraw the bucket by as much as it holds when full: losing an answer costs more than making a
 * part of it again. So in any {@code t} seconds with {@code n} new requests there are at most
 * {@code 2 burst + ratio n + perSecond t} retries.
 *
 * <p>Pure: time is milliseconds of a monotonic clock. Not thread safe.
 */
public final class RetryBudget {
  private static final double MILLIS = 1_000;
  private static final long LATER_MS = 60_000;

  private final RetrySettings settings;
  private double tokens;
  private long filledMs;
  private long spent;
  private long denied;

  /** A full bucket. */
  public RetryBudget(RetrySettings settings, long nowMs) {
    this.settings = settings;
    this.tokens = settings.burst();
    this.filledMs = nowMs;
  }

  /** A request comes for the first time. */
  public void earn(long nowMs) {
    fill(nowMs);
    add(settings.ratio());
  }

  /**
   * Takes a token for a retry; false if there is none.
   *
   * @param saves whether it saves an answer that has begun, or work of a machine that is lost
   */
  public boolean spend(long nowMs, boolean saves) {
    fill(nowMs);
    double least = saves ? 1 - settings.burst() : 1;
    if (tokens < least) {
      denied++;
      return false;
    }
    tokens--;
    spent++;
    return true;
  }

  /** Tokens left; below 0 while overdrawn. */
  public double left() {
    return tokens;
  }

  /** Time until a plain retry is earned if no request comes, in milliseconds, 0 to 60,000. */
  public long nextMs() {
    double missing = 1 - tokens;
    if (missing <= 0) {
      return 0;
    }
    double ms = missing * MILLIS / settings.perSecond();
    return ms < LATER_MS ? (long) Math.ceil(ms) : LATER_MS;
  }

  /** Retries made so far. */
  public long spent() {
    return spent;
  }

  /** Retries denied so far. */
  public long denied() {
    return denied;
  }

  private void fill(long nowMs) {
    add(Math.max(0, nowMs - filledMs) * settings.perSecond() / MILLIS);
    filledMs = Math.max(filledMs, nowMs);
  }

  private void add(double more) {
    tokens = Math.min(settings.burst(), tokens + more);
  }
}
