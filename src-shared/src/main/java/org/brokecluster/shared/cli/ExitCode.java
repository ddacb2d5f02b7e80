package org.brokecluster.shared.cli;

/** What a process of ours says when it ends. */
public final class ExitCode {
  /** Done. */
  public static final int OK = 0;

  /** Tried, and did not succeed; the message says what to do. */
  public static final int FAILED = 1;

  /** Called in a wrong way, or with a wrong configuration; nothing was tried. */
  public static final int MISUSE = 2;

  private ExitCode() {}
}
