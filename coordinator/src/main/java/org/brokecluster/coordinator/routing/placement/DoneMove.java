package org.brokecluster.coordinator.routing.placement;

import java.time.Instant;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.jspecify.annotations.Nullable;

/** A move that was suggested or ordered, and what has come of it so far. Not thread safe. */
final class DoneMove {
  private static final long HOUR_MS = 3_600_000;

  private final Move move;
  private final boolean ordered;
  private final Instant at;
  private final long sinceMillis;
  private final long patienceMs;
  private @Nullable Long tookMs;
  private int answered;
  private boolean givenUp;
  private @Nullable ModelState last;
  private boolean undone;

  /**
   * A move that is to happen.
   *
   * @param ordered whether the node was told, or only people
   * @param patienceMs time after which it is taken not to happen any more
   */
  DoneMove(Move move, boolean ordered, Instant at, long nowMillis, long patienceMs) {
    this.move = move;
    this.ordered = ordered;
    this.at = at;
    this.sinceMillis = nowMillis;
    this.patienceMs = patienceMs;
  }

  Move move() {
    return move;
  }

  /** Whether it is of this model on this node. */
  boolean isOf(NodeId node, ModelId model) {
    return move.node().equals(node) && move.model().equals(model);
  }

  /** When it was suggested or ordered. */
  Instant at() {
    return at;
  }

  long sinceMillis() {
    return sinceMillis;
  }

  /** Whether it may still happen. */
  boolean pending() {
    return tookMs == null && !givenUp;
  }

  /** The node has reported where the model stands; null if it is not there any more. */
  void sees(@Nullable ModelState state, long nowMillis) {
    last = state;
    boolean happened =
        switch (move.kind()) {
          case LOAD -> state == ModelState.LOADED;
          case UNLOAD -> state == ModelState.DISK;
        };
    if (!pending()) {
      undone |= !happened;
    } else if (happened) {
      tookMs = nowMillis - sinceMillis;
    } else if (nowMillis - sinceMillis > patienceMs) {
      givenUp = true;
    }
  }

  /** Whether it is why its model is in its node's memory, or on the way there. */
  boolean holds() {
    boolean ours = ordered && move.kind() == Move.Kind.LOAD && !undone && !givenUp;
    return ours && (tookMs != null || last == ModelState.LOADING);
  }

  /** A request was given to its model on its node. */
  void used(long nowMillis) {
    boolean counts = move.kind() == Move.Kind.LOAD && tookMs != null;
    if (counts && nowMillis - sinceMillis < HOUR_MS) {
      answered++;
    }
  }

  /** In words. */
  String came() {
    if (givenUp) {
      return ordered ? "did not happen; see ./broke models" : "nobody did it";
    }
    if (tookMs == null) {
      return ordered ? "ordered" : "suggested";
    }
    var done = ordered ? "done" : "done by somebody";
    var after = " after %d s".formatted(Math.round(tookMs / 1000.0));
    return move.kind() == Move.Kind.LOAD
        ? done + after + ", %d requests in the first hour".formatted(answered)
        : done + after;
  }

  /** Requests given to it in its first hour. */
  int answered() {
    return answered;
  }
}
