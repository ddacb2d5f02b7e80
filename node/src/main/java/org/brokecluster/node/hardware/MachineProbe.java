package org.brokecluster.node.hardware;

import java.time.Duration;
import java.util.Optional;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad;

/**
 * Reads what an operating system tells of its machine. Both methods may block for some seconds, so
 * they are never called by an actor; what cannot be read is absent.
 */
public interface MachineProbe {
  /** What seldom changes. */
  MachineFacts facts();

  /** How the machine is now. */
  MachineLoad load();

  /**
   * Time since its owner touched keyboard, mouse or trackpad; asked for only where the owner wants
   * it to count.
   */
  default Optional<Duration> untouched() {
    return Optional.empty();
  }

  /** A probe for a system nothing is known of, and for machines that only pretend to be one. */
  MachineProbe NONE =
      new MachineProbe() {
        @Override
        public MachineFacts facts() {
          return MachineFacts.UNKNOWN;
        }

        @Override
        public MachineLoad load() {
          return MachineLoad.UNKNOWN;
        }
      };
}
