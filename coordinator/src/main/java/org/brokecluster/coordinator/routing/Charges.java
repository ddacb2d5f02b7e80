package org.brokecluster.coordinator.routing;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.brokecluster.coordinator.routing.queue.FairShares;
import org.brokecluster.coordinator.routing.queue.Flow;
import org.brokecluster.coordinator.routing.queue.TokenCost;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;

/**
 * What flows were charged for attempts whose end is not known yet: the estimate is put right by
 * what was used; an attempt that broke costs nothing. Bounded; the oldest are forgotten, and stay
 * as estimated.
 */
final class Charges {
  private record Charge(Flow flow, double cost) {}

  private final int max;
  private final Map<AttemptId, Charge> open = new LinkedHashMap<>();

  Charges(int max) {
    this.max = max;
  }

  /** The flow was charged for an attempt. */
  void add(AttemptId attempt, Flow flow, double cost) {
    open.put(attempt, new Charge(flow, cost));
    if (open.size() > max) {
      Iterator<AttemptId> eldest = open.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  /** The attempt came to nothing. */
  void refund(AttemptId attempt, FairShares shares) {
    var charge = open.remove(attempt);
    if (charge != null) {
      shares.correct(charge.flow(), -charge.cost());
    }
  }

  /** The attempt has ended; one that its client took back stays as estimated. */
  void ended(AttemptReport report, FairShares shares) {
    if (report.outcome() == AttemptOutcome.FAILED) {
      refund(report.attempt(), shares);
      return;
    }
    var charge = open.remove(report.attempt());
    if (charge != null && report.outcome() == AttemptOutcome.COMPLETED) {
      shares.correct(charge.flow(), TokenCost.actual(report.usage()) - charge.cost());
    }
  }
}
