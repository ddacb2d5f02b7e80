package org.brokecluster.protocol.router;

/** How an attempt ended. */
public enum AttemptOutcome {
  /** The whole answer was made. */
  COMPLETED,
  /** The attempt broke; the request may go on with another one. */
  FAILED,
  /** Its node is leaving; the request goes on with another attempt, and nobody is to blame. */
  HANDED_OVER,
  /** The client hung up or took the request back. */
  CANCELLED
}
