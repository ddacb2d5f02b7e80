package org.brokecluster.shared.cli;

/**
 * Ends a verb with a message for people on standard error, without a stack trace. The message says
 * what happened, where, and what to do next.
 */
public final class VerbException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private VerbException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** Something was tried and did not succeed. */
  public static VerbException failed(String message) {
    return new VerbException(ExitCode.FAILED, message);
  }

  /** The verb was called in a wrong way. */
  public static VerbException misuse(String message) {
    return new VerbException(ExitCode.MISUSE, message);
  }

  /** One of the values of {@link ExitCode}. */
  public int exitCode() {
    return exitCode;
  }
}
