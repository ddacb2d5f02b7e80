package org.brokecluster.node;

import org.brokecluster.protocol.model.MachineKind;

/**
 * The machine as other members are told of it.
 *
 * @param kind chip and memory
 * @param simulated whether it only pretends to be this machine
 */
record Machine(MachineKind kind, boolean simulated) {
  /** Name of the processor. */
  String chip() {
    return kind.chip();
  }

  /** Physical memory, 0 if unknown. */
  long memoryBytes() {
    return kind.memoryBytes();
  }
}
