package org.brokecluster.node.runtime.process;

/** Where a supervised process stands. */
public enum ProcessState {
  /** There is none, and none is wanted. */
  IDLE,
  /** Started; its port is not open yet. */
  STARTING,
  /** Its port is open; it has yet to make a first token. */
  PROVING,
  /** It has made tokens and is expected to make more. */
  READY,
  /** It is being ended. */
  STOPPING,
  /** It broke, and will be started again in a while. */
  WAITING,
  /** It broke too often; nobody starts it until somebody asks, or a long rest is over. */
  OUT_OF_SERVICE;

  /** Whether there is, or soon will be, a process that holds memory. */
  public boolean holdsMemory() {
    return switch (this) {
      case STARTING, PROVING, READY, STOPPING, WAITING -> true;
      case IDLE, OUT_OF_SERVICE -> false;
    };
  }
}
