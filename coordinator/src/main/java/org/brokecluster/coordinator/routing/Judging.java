package org.brokecluster.coordinator.routing;

import org.brokecluster.protocol.router.AttemptReport;

/** What follows from the end of an attempt for the place it was made at. */
final class Judging {
  private Judging() {}

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
