package org.brokecluster.node.hardware;

/** Reads the facts about the machine. */
@FunctionalInterface
public interface HardwareProbe {
  /** Reads them now; may block for some hundred milliseconds, so it is never called by an actor. */
  Hardware probe();
}
