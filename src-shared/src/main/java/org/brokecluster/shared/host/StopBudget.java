package org.brokecluster.shared.host;

import java.time.Duration;

/**
 * Shares out the time a stop may take: what an early step leaves over is there for the later ones,
 * and each later step has a share that no earlier one may use up. Pure.
 */
final class StopBudget {
  /** The contract says 10 s from SIGTERM to the end; the JVM needs a little of that itself. */
  private static final Duration TOTAL = Duration.ofMillis(9_500);

  private static final Duration LEAVE = Duration.ofMillis(1_500);
  private static final Duration PARTS = Duration.ofMillis(1_500);
  private static final Duration SYSTEM = Duration.ofMillis(500);

  private final long startNanos;

  /** A stop that begins now, by {@link System#nanoTime}. */
  StopBudget(long startNanos) {
    this.startNanos = startNanos;
  }

  /** For finishing or handing over what runs. */
  Duration drain(Duration configured, long nowNanos) {
    var most = left(nowNanos, LEAVE.plus(PARTS).plus(SYSTEM));
    return configured.compareTo(most) < 0 ? configured : most;
  }

  /** For saying goodbye to the cluster. */
  Duration leave(long nowNanos) {
    return left(nowNanos, PARTS.plus(SYSTEM));
  }

  /** For giving resources back: models unloaded, the history stored and closed. */
  Duration parts(long nowNanos) {
    return left(nowNanos, SYSTEM);
  }

  /** For the end of the host's actor system. */
  Duration system(long nowNanos) {
    return left(nowNanos, Duration.ZERO);
  }

  private Duration left(long nowNanos, Duration reserved) {
    var left = TOTAL.minus(reserved).minusNanos(nowNanos - startNanos);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
