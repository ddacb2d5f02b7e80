package org.brokecluster.tests.chaos;

import java.util.Locale;

/**
 * What a client experienced with one request.
 *
 * @param kind what was asked for
 * @param end how it ended
 * @param rescued whether a broken answer went on elsewhere
 * @param attempts attempts that were made, as far as the client was told; 0 if not at all
 * @param silenceMs longest time without a token between two tokens
 * @param detail what went wrong, free of the answer's text; empty if nothing did
 */
record Tale(String kind, End end, boolean rescued, int attempts, long silenceMs, String detail) {

  /** How a request may end. */
  enum End {
    /** With the right answer, letter by letter. */
    ANSWERED,
    /** With an error that says so, behind a beginning of the right answer at the most. */
    ERROR,
    /** With something that looks right and is not. */
    CORRUPTED,
    /** Without an end: cut off without a word. */
    LOST,
    /** Not at all within the time. */
    HUNG
  }

  /** Whether it is one that must never be. */
  boolean wrong() {
    return switch (end) {
      case ANSWERED, ERROR -> false;
      case CORRUPTED, LOST, HUNG -> true;
    };
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %s%s %s", kind, end, rescued ? " (rescued)" : "", detail);
  }
}
