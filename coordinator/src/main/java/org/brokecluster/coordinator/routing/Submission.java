package org.brokecluster.coordinator.routing;

import java.util.List;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/**
 * One attempt that wants a place.
 *
 * @param remainingMs how long the edge still wants to wait, from now
 * @param avoid where the request has failed already
 * @param continues the answer it goes on with, or null if it begins anew
 * @param beside number of an earlier attempt that is not taken back; 0 for none
 */
public record Submission(
    AttemptId attempt,
    RequestFacts facts,
    long remainingMs,
    List<Tried> avoid,
    @Nullable Continues continues,
    int beside,
    EdgeAddress edge) {
  /** Copies the list. */
  public Submission {
    avoid = List.copyOf(avoid);
  }

  /** The same attempt with other facts. */
  Submission with(RequestFacts other) {
    return new Submission(attempt, other, remainingMs, avoid, continues, beside, edge);
  }

  /** The only attempt of its request. */
  public Submission(
      AttemptId attempt,
      RequestFacts facts,
      long remainingMs,
      List<Tried> avoid,
      @Nullable Continues continues,
      EdgeAddress edge) {
    this(attempt, facts, remainingMs, avoid, continues, 0, edge);
  }
}
