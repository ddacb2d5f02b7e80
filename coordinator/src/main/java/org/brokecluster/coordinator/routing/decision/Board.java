package org.brokecluster.coordinator.routing.decision;

import java.util.function.Predicate;
import org.brokecluster.coordinator.routing.ledger.Ledger;
import org.brokecluster.coordinator.routing.ledger.NodeWork;
import org.brokecluster.coordinator.routing.state.NodeSpots;
import org.brokecluster.coordinator.routing.state.Snapshot;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/**
 * The state of the world in which a decision is made.
 *
 * @param resting spots left alone for a moment because their node refused a ticket
 * @param broken spots that failed several times in a row: used only if nobody else is left
 * @param ahead how many queued requests wait for a spot and come before this one
 * @param cached how much of the prompt each place has read before
 * @param wanted how often models are asked for
 * @param gate what keeps places from this request although they may be free
 * @param nowMillis monotonic time
 * @param patienceMs wait after which a request takes any free place instead of a better busy one
 * @param patienceUnwatchedMs the same for agents and batches where the better one has the same
 *     model
 */
public record Board(
    Snapshot snapshot,
    Ledger ledger,
    Predicate<Spot> resting,
    Predicate<Spot> broken,
    Ahead ahead,
    Cached cached,
    Wanted wanted,
    Gate gate,
    long nowMillis,
    long patienceMs,
    long patienceUnwatchedMs) {

  /** The same with every breaker closed. */
  Board trusting() {
    return new Board(
        snapshot,
        ledger,
        resting,
        spot -> false,
        ahead,
        cached,
        wanted,
        gate,
        nowMillis,
        patienceMs,
        patienceUnwatchedMs);
  }

  /** Keeps places from a request: limits, others' shares, and bounds of the queue. */
  public interface Gate {
    /** Keeps nothing back. */
    Gate OPEN =
        new Gate() {
          @Override
          public boolean shut(NodeSpots node, Spot spot, NodeWork work) {
            return false;
          }

          @Override
          public boolean crowded(Spot spot) {
            return false;
          }
        };

    /** Whether the request may not have this place now even if a slot is free. */
    boolean shut(NodeSpots node, Spot spot, NodeWork work);

    /** Whether too many others wait for this place already. */
    boolean crowded(Spot spot);
  }

  /** Knows what need not be read again. */
  public interface Cached {
    /** Nothing is known. */
    Cached NOTHING =
        new Cached() {
          @Override
          public int tokens(Spot spot) {
            return 0;
          }

          @Override
          public int displaced(Spot spot) {
            return 0;
          }
        };

    /** Tokens at the beginning of the prompt that are expected in the cache there, at least 0. */
    int tokens(Spot spot);

    /** Tokens that the cache there is expected to forget for this prompt, at least 0. */
    int displaced(Spot spot);
  }

  /** Knows how often models are asked for. */
  public interface Wanted {
    /** Requests a second lately, at least 0. */
    double perSecond(ModelId model);
  }

  /** Counts the queue before a request. */
  public interface Ahead {
    /** Requests that wait for this spot and are served first, at least 0. */
    int of(Spot spot);

    /** Other requests that wait for any place on this node, at least 0. */
    default int waiting(NodeId node) {
      return 0;
    }
  }
}
