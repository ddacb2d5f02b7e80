package org.brokecluster.coordinator.routing.filter;

import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.model.ModelState;
import org.jspecify.annotations.Nullable;

/**
 * What throws a candidate out before anything is predicted. First whether it is meant at all, then
 * whether the model fits the request, then whether the node takes work: the first reason counts.
 */
public final class Filters {
  private Filters() {}

  /** Why no model of this node can be used now, or null; asked once for each node. */
  public static @Nullable Verdict ofNode(Question question, NodeState node) {
    var byReach =
        switch (node.reach()) {
          case UP -> null;
          case UNREACHABLE -> Verdict.UNREACHABLE;
          case AWAY -> Verdict.NOT_UP;
        };
    return byReach == null && node.draining() ? Verdict.DRAINING : byReach;
  }

  /**
   * Why this model on this node is not meant or not fit, or null.
   *
   * @param scope the models of this round
   * @param contextAbove the context must be known and longer than this; below 0 for any
   */
  public static @Nullable Verdict ofSpot(
      Question question, Scope scope, Spot spot, int contextAbove) {
    var outside = scope.excludes(spot);
    if (outside != null) {
      return outside;
    }
    var pinned = question.facts().wishes().node();
    if (pinned != null && !pinned.equals(spot.node())) {
      return Verdict.OTHER_NODE;
    }
    if (spot.state() == ModelState.UNSUPPORTED) {
      return Verdict.UNSUPPORTED;
    }
    if (!spot.can(question.needs())) {
      return Verdict.LACKS_ABILITY;
    }
    if (spot.tooShortFor(question.facts().promptTokens()) || !spot.reachesBeyond(contextAbove)) {
      return Verdict.CONTEXT_TOO_LONG;
    }
    return spot.state() == ModelState.FAILED ? Verdict.MODEL_FAILED : null;
  }
}
