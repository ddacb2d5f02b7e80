package org.brokecluster.node.pull;

import java.time.Duration;

/** A model, or a part of one, cannot be fetched; the message tells why and what to do. */
final class PullException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean lasting;
  private final Duration wait;

  private PullException(String message, boolean lasting, Duration wait) {
    super(message);
    this.lasting = lasting;
    this.wait = wait;
  }

  /** Trying again would bring the same. */
  static PullException lasting(String message) {
    return new PullException(message, true, Duration.ZERO);
  }

  /** May be over in a moment. */
  static PullException passing(String message) {
    return new PullException(message, false, Duration.ZERO);
  }

  /** May be over after the pause that the hub asked for. */
  static PullException passing(String message, Duration wait) {
    return new PullException(message, false, wait);
  }

  /** The pause that the hub asked for; zero if it did not. */
  Duration pause() {
    return wait;
  }

  /** Whether trying again is of no use. */
  boolean isLasting() {
    return lasting;
  }
}
