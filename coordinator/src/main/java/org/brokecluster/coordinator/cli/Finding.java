package org.brokecluster.coordinator.cli;

/**
 * Result of one check of {@code doctor}.
 *
 * @param what what was looked at
 * @param verdict how it is
 * @param detail what was found
 * @param next what to do, empty if nothing
 */
record Finding(String what, Verdict verdict, String detail, String next) {
  /** How something is. */
  enum Verdict {
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

    String label() {
      return label;
    }
  }

  static Finding ok(String what, String detail) {
    return new Finding(what, Verdict.OK, detail, "");
  }

  static Finding note(String what, String detail, String next) {
    return new Finding(what, Verdict.NOTE, detail, next);
  }

  static Finding bad(String what, String detail, String next) {
    return new Finding(what, Verdict.BAD, detail, next);
  }
}
