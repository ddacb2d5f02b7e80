package org.brokecluster.coordinator.routing.state;

import org.brokecluster.protocol.state.MachineLoad;
import org.jspecify.annotations.Nullable;

/**
 * How little its owner can like that a machine works for others just now: not at all on mains, and
 * on a battery the more the emptier it is, because what others use up the owner will miss. It is a
 * cost of every decision, never a ban: a laptop still answers where all others are busy.
 */
final class Reluctance {
  /** On a full battery. */
  private static final double LEAST = 0.3;

  private static final double UNKNOWN_CHARGE = 0.6;

  private Reluctance() {}

  /** From 0, nothing speaks against it, to 1; 0 if nothing is known. */
  static double of(@Nullable MachineLoad machine) {
    if (machine == null || machine.power() != MachineLoad.Power.BATTERY) {
      return 0;
    }
    var charge = machine.batteryPercent();
    if (charge == null) {
      return UNKNOWN_CHARGE;
    }
    double empty = 1 - Math.max(0, Math.min(100, charge)) / 100.0;
    return LEAST + (1 - LEAST) * empty;
  }
}
