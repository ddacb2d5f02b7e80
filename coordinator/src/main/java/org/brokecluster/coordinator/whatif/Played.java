package org.brokecluster.coordinator.whatif;

import org.brokecluster.protocol.router.Placement;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request in a replay.
 *
 * @param placement the decision, or null if there was none
 * @param firstTokenMs from its arrival to the first token
 * @param totalMs from its arrival to the end
 * @param busyMs time the node worked on it
 * @param reason why it was refused, or null if it was not
 */
record Played(
    PastRequest.Fate fate,
    @Nullable Placement placement,
    @Nullable Double firstTokenMs,
    @Nullable Double totalMs,
    double busyMs,
    @Nullable String reason) {
  /** Not placed. */
  static Played without(PastRequest.Fate fate, @Nullable String reason) {
    return new Played(fate, null, null, null, 0, reason);
  }
}
