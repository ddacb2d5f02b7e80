package org.brokecluster.simulation;

import java.util.Set;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.router.Placement;

/**
 * A node's Ready with the ways back to the node and the attempt.
 *
 * @param sure whether the answers of the model there are the same each time
 */
record Offer(
    AttemptId attempt,
    Placement placement,
    int credit,
    Set<ResumeWay> ways,
    PlayedNode node,
    PlayedAttempt to,
    boolean sure) {
  @Override
  public String toString() {
    return "Ready[%s %s]".formatted(attempt, placement.node());
  }
}
