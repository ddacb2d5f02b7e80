package org.brokecluster.node.attempt;

import java.time.Duration;

/**
 * Whether an answer is better moved to another node while this one is leaving: at once if it has
 * not begun, or will not be whole in time by the speed it is made at; and in any case once most of
 * the time has passed, because moving takes time too. Pure and not thread safe; times are
 * nanoseconds of a monotonic clock.
 */
public final class Leaving {
  /** Share of the time after which nothing is waited for any more. */
  private static final double WAIT_SHARE = 0.5;

  /** Tokens from which on a speed is believed. */
  private static final int TOKENS_ENOUGH = 8;

  private static final Duration REPEAT = Duration.ofSeconds(1);

  private final String reason;
  private final long beginNanos;
  private final long withinNanos;
  private final long expected;
  private long askedNanos;
  private boolean asked;

  /**
   * The node is leaving from now on.
   *
   * @param reason why, for people
   * @param within time until the answer should be gone
   * @param expected tokens of the whole answer as far as that can be foretold
   */
  public Leaving(String reason, Duration within, long expected, long now) {
    this.reason = reason;
    this.beginNanos = now;
    this.withinNanos = within.toNanos();
    this.expected = expected;
  }

  /** Why the node is leaving. */
  public String reason() {
    return reason;
  }

  /**
   * Whether the edge should be asked now to move the answer; said once a second.
   *
   * @param made tokens made so far
   * @param decodeNanos time since the first of them
   */
  public boolean asks(long made, long decodeNanos, long now) {
    long passed = now - beginNanos;
    boolean soon =
        made >= TOKENS_ENOUGH
            && made < expected
            && passed <= withinNanos * WAIT_SHARE
            && decodeNanos * (double) (expected - made) / made <= withinNanos * WAIT_SHARE;
    if (soon || (asked && now - askedNanos < REPEAT.toNanos())) {
      return false;
    }
    asked = true;
    askedNanos = now;
    return true;
  }
}
