package org.brokecluster.node.runtime.process;

import java.util.Set;

/** Tells who listens on a port of the loopback address. The seam to the operating system. */
@FunctionalInterface
public interface PortOwner {
  /** Who listens. */
  enum Holder {
    /** One of the processes that were named. */
    OURS,
    /** Another process. */
    OTHERS,
    /** Nobody yet. */
    NOBODY,
    /** The system does not say. */
    UNKNOWN
  }

  /** Who listens on the port, as seen by these processes; may block for a moment. */
  Holder holder(int port, Set<Long> pids);

  /** The one for this system: {@code /proc} on Linux, {@code lsof} elsewhere. */
  static PortOwner ofThisSystem() {
    return ProcPortOwner.usable() ? new ProcPortOwner() : new LsofPortOwner();
  }
}
