package org.brokecluster.shared.doctor;

/**
 * Result of one check.
 *
 * @param what what was looked at, in one or two words
 * @param verdict how it is
 * @param detail what was found
 * @param next what to do, empty if nothing
 */
public record Finding(String what, Verdict verdict, String detail, String next) {
  /** How something is. */
  public enum Verdict {
    /** As it should be. */
    OK("ok"),
    /** Worth knowing, nothing broken. */
    NOTE("note"),
    /** Keeps something from working. */
    BAD("BAD");

    private final String label;

    Verdict(String label) {
      this.label = label;
    }

    /** Name for people. */
    public String label() {
      return label;
    }
  }

  /** As it should be. */
  public static Finding ok(String what, String detail) {
    return new Finding(what, Verdict.OK, detail, "");
  }

  /** Worth knowing. */
  public static Finding note(String what, String detail, String next) {
    return new Finding(what, Verdict.NOTE, detail, next);
  }

  /** Keeps something from working. */
  public static Finding bad(String what, String detail, String next) {
    return new Finding(what, Verdict.BAD, detail, next);
  }
}
