package org.brokecluster.coordinator.routing.state;

/** Whether a node can be spoken to. */
public enum Reach {
  /** A full member that is heard. */
  UP,
  /** Not heard by some member for a while; may come back. */
  UNREACHABLE,
  /** Not a full member yet, or on its way out. */
  AWAY
}
