package org.brokecluster.coordinator.routing.decision;

import java.util.function.Predicate;
import org.brokecluster.coordinator.routing.ledger.Ledger;
import org.brokecluster.coordinator.routing.state.Snapshot;
import org.brokecluster.coordinator.routing.state.Spot;

/**
 * The state of the world in which a decision is made.
 *
 * @param resting spots left alone for a moment because their node refused a ticket
 * @param broken spots that failed several times in a row: used only if nobody else is left
 * @param ahead how many queued requests wait for a spot and come before this one
 * @param nowMillis monotonic time
 * @param patienceMs wait after which a request takes any free place instead of a better busy one
 */
public record Board(
    Snapshot snapshot,
    Ledger ledger,
    Predicate<Spot> resting,
    Predicate<Spot> broken,
    Ahead ahead,
    long nowMillis,
    long patienceMs) {

  /** The same with every breaker closed. */
  Board trusting() {
    return new Board(snapshot, ledger, resting, spot -> false, ahead, nowMillis, patienceMs);
  }

  /** Counts the queue before a request. */
  public interface Ahead {
    /** Requests that wait for this spot and are served first, at least 0. */
    int of(Spot spot);
  }
}
