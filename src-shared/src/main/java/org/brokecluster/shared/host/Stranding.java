package org.brokecluster.shared.host;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Notices that this member is left in a cluster without enough coordinators, while a machine that
 * it could join is there and belongs to no part of it: there are two clusters, which would stay so
 * for ever. Pure but for what it is given to ask; not thread safe.
 */
final class Stranding {
  private final Duration patience;
  private long sinceNanos;
  private boolean suspected;

  /** Waits so long before it is sure: a coordinator that was restarted joins meanwhile. */
  Stranding(Duration patience) {
    this.patience = patience;
  }

  /**
   * Whether this member had better join anew; to be asked regularly.
   *
   * @param coordinated whether enough coordinators are in the cluster
   * @param elsewhere whether somebody outside of the cluster could be joined; asked only if needed
   * @param nowNanos as of {@link System#nanoTime}
   */
  boolean stranded(boolean coordinated, BooleanSupplier elsewhere, long nowNanos) {
    if (coordinated || !elsewhere.getAsBoolean()) {
      suspected = false;
      return false;
    }
    if (!suspected) {
      suspected = true;
      sinceNanos = nowNanos;
    }
    return nowNanos - sinceNanos >= patience.toNanos();
  }
}
