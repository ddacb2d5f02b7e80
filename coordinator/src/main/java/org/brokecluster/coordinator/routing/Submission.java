package org.brokecluster.coordinator.routing;

import java.util.List;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.RequestFacts;

/**
 * One attempt that wants a place.
 *
 * @param remainingMs how long the edge still wants to wait, from now
 * @param avoid nodes on which the request has failed already
 */
public record Submission(
    AttemptId attempt, RequestFacts facts, long remainingMs, List<NodeId> avoid, EdgeAddress edge) {
  /** Copies the list. */
  public Submission {
    avoid = List.copyOf(avoid);
  }
}
