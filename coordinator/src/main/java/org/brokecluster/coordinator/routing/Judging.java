package org.brokecluster.coordinator.routing;

import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;

/** What follows from the end of an attempt for the place it was made at. */
final class Judging {
  private Judging() {}

  /**
   * Whether a request's end makes what the router holds for it unwanted: an attempt that failed
   * last, or one that was to stand in for the attempt that has answered. An attempt that answered
   * frees its slot itself.
   */
  static boolean leavesUnwanted(AttemptReport report, AttemptId held) {
    return report.last()
        && (report.outcome() == AttemptOutcome.COMPLETED
            ? !held.equals(report.attempt())
            : held.compareTo(report.attempt()) <= 0);
  }

  /** Lets the place rest if it asked for it, and tells its breaker how the attempt ended. */
  static void judge(RouterState state, Moment now, AttemptReport report) {
    state.breakers.ended(report, now.wallMillis());
    var node = report.node();
    var model = report.model();
    if (node == null || model == null) {
      return;
    }
    if (report.retryAfterMs() != null) {
      state.rests.asked(node, model, now.millis(), report.retryAfterMs());
    }
  }
}
