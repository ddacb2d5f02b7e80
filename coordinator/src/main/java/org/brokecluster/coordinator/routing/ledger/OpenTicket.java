package org.brokecluster.coordinator.routing.ledger;

import org.brokecluster.coordinator.routing.queue.Flow;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/**
 * A ticket that is out.
 *
 * @param flow whose request it is
 * @param number counts the tickets of this term to this node, from 1
 * @param sinceMillis monotonic time at which it was sent
 * @param finishMs predicted time from then to its end
 */
public record OpenTicket(
    AttemptId attempt,
    NodeId node,
    ModelId model,
    Flow flow,
    long number,
    long sinceMillis,
    double finishMs) {
  private static final double OVERDUE_SHARE = 0.1;
  private static final double OVERDUE_MS = 100;

  /**
   * Predicted time until it ends. One that is overdue is taken to need a tenth of its prediction
   * still, at least 100 ms: nobody knows better.
   */
  public double remainingMs(long nowMillis) {
    double left = finishMs - (nowMillis - sinceMillis);
    return Math.max(left, Math.max(OVERDUE_MS, OVERDUE_SHARE * finishMs));
  }
}
