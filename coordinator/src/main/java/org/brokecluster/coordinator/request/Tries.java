package org.brokecluster.coordinator.request;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one request: the one under way, and where and why earlier ones broke. Pure; not
 * thread safe.
 */
final class Tries {
  /** Hand-overs that may be begun for one request; bounds what a node in two minds can cause. */
  private static final int MOVES_MAX = 16;

  /** Doublings of the time allowed for a first token. */
  private static final int PATIENCE_MAX = 4;

  private record Place(NodeId node, @Nullable ModelId model) {}

  private final int max;
  private final Map<Place, Tried> tried = new LinkedHashMap<>();
  private AttemptState current;
  private @Nullable AttemptFailure lastFailure;
  private int broken;
  private int number = 1;
  private int moves;

  /** With the first attempt under way; at most so many may be made. */
  Tries(RequestId request, int max) {
    this.max = max;
    this.current = new AttemptState(new AttemptId(request, 1));
  }

  /** The attempt under way, or the last one. */
  AttemptState current() {
    return current;
  }

  /** Begins the next attempt. */
  void next() {
    current = beside();
  }

  /** A further attempt beside the one under way. */
  AttemptState beside() {
    return new AttemptState(new AttemptId(current.id.request(), ++number));
  }

  /** That attempt is the one under way from now on. */
  void takenOver(AttemptState by) {
    current = by;
  }

  /** Whether the request may be moved once more because its node asks for it. */
  boolean mayMove() {
    return moves < MOVES_MAX;
  }

  /** The node of the attempt under way is leaving: it is avoided, and no attempt is counted. */
  void leaving(@Nullable AttemptFailure failure) {
    moves++;
    lastFailure = failure == null ? lastFailure : failure;
    avoid(AttemptFailure.Kind.NODE_STOPPING);
  }

  /** The first token of the attempt under way is late: others are asked, and nothing is counted. */
  void late() {
    moves++;
    avoid(AttemptFailure.Kind.STALLED);
  }

  /** The attempt under way broke: it counts, and its place is avoided. */
  void broke(AttemptFailure failure) {
    broken++;
    lastFailure = failure;
    avoid(failure.kind());
  }

  private void avoid(AttemptFailure.Kind why) {
    var node = current.node();
    if (node != null) {
      var placement = current.placement;
      var model = placement == null || why.wholeNode() ? null : placement.model();
      tried.merge(
          new Place(node, model),
          new Tried(node, model, why, 1),
          (before, latest) -> before.again(latest.why()));
    }
  }

  /** Attempts that broke. */
  int broken() {
    return broken;
  }

  /** Whether another attempt may follow when the one under way breaks. */
  boolean oneMore() {
    return broken + 1 < max;
  }

  /** Whether every attempt has been made. */
  boolean spent() {
    return broken >= max;
  }

  /** Where the request has failed. */
  List<Tried> avoid() {
    return List.copyOf(tried.values());
  }

  /**
   * Gives the places that failed another chance, but for those to which the prompt is too long;
   * false if none has failed.
   */
  boolean forgivePlaces() {
    return tried.values().removeIf(each -> each.why() != AttemptFailure.Kind.CONTEXT_LENGTH);
  }

  /** Why the attempt before the one under way broke; null for the first. */
  @Nullable AttemptFailure lastFailure() {
    return lastFailure;
  }

  /** How many times longer than usual a first token may take, at least 1. */
  int patience() {
    return 1 << Math.min(broken, PATIENCE_MAX);
  }

  /** Once an attempt has failed, these only say that its place was the last one, or is gone. */
  static boolean isNobodyElse(Refusal reason) {
    return switch (reason) {
      case NO_CANDIDATE_LEFT, NO_NODE, MODEL_NOT_FOUND, NODE_NOT_FOUND, NOT_CAPABLE -> true;
      case CONTEXT_TOO_LONG, UNKNOWN_STRATEGY, QUEUE_FULL, DEADLINE, RETRY_BUDGET -> false;
    };
  }
}
