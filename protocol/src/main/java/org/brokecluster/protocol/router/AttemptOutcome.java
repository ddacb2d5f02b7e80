package org.brokecluster.protocol.router;

/** How an attempt ended. */
public enum AttemptOutcome {
  /** The whole answer was made. */
  COMPLETED,
  /** The attempt broke; the request may go on with another one. */
  FAILED,
  /** The client hung up or took the request back. */
  CANCELLED
}
