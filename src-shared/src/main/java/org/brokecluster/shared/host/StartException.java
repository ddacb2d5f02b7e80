package org.brokecluster.shared.host;

/** Something the user can mend keeps the program from starting; the message says what and how. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what happened, where, and what to do next. */
  public StartException(String message) {
    super(message);
  }

  /** With the cause, which goes to the log only. */
  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
