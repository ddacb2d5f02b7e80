package org.brokecluster.tests.faults;

import java.time.Duration;

/**
 * What became of a scenario.
 *
 * @param outcome {@link #PASS} for a whole answer and right conduct, {@link #SAFE} for a clean
 *     error, or a whole answer with wrong conduct, {@link #FAIL} for anything worse
 * @param what tries of the model and of the spare one, and the last answer
 * @param complaints what was not as it must be
 */
record Verdict(
    String id, boolean stream, String outcome, Duration took, String what, String complaints) {
  static final String PASS = "pass";
  static final String SAFE = "safe";
  static final String FAIL = "FAIL";

  /** One line of the table. */
  String line() {
    return "%-4s %-8s %-5s %7.2f s  %s%s"
        .formatted(
            id,
            stream ? "stream" : "whole",
            outcome,
            took.toMillis() / 1000.0,
            what,
            complaints.isEmpty() ? "" : "  << " + complaints);
  }

  boolean passed() {
    return outcome.equals(PASS);
  }
}
