package org.brokecluster.coordinator.routing;

import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;

/** What follows from the end of an attempt: for the history, and for its place. */
final class Judging {
  private Judging() {}

  /** The event that records it. */
  static RoutingEvent event(Moment now, AttemptReport report) {
    return switch (report.outcome()) {
      case COMPLETED -> new RoutingEvent.Completed(now.at(), report);
      case FAILED -> new RoutingEvent.Failed(now.at(), report);
      case CANCELLED -> new RoutingEvent.Cancelled(now.at(), report);
    };
  }

  /** Lets the place rest if it asked for it, and tells its breaker how the attempt ended. */
  static void judge(RouterState state, Moment now, AttemptReport report) {
    var node = report.node();
    var model = report.model();
    if (node == null || model == null) {
      return;
    }
    if (report.retryAfterMs() != null) {
      state.rests.asked(node, model, now.millis(), report.retryAfterMs());
    }
    if (report.outcome() == AttemptOutcome.COMPLETED) {
      state.breakers.worked(node, model);
    } else if (report.failure() != null && report.failure().blamesNode()) {
      state.breakers.failed(node, model, now.millis());
    }
  }
}
