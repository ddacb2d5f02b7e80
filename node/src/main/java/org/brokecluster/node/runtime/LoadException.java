package org.brokecluster.node.runtime;

/** A model could not be brought into memory; the message tells why, for people. */
public final class LoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what stood in the way. */
  public LoadException(String message) {
    super(message);
  }
}
