package org.brokecluster.coordinator.request;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one request: the one under way, and where and why earlier ones broke. Pure; not
 * thread safe.
 */
final class Tries {
  /** Doublings of the time allowed for a first token. */
  private static final int PATIENCE_MAX = 4;

  private record Place(NodeId node, @Nullable ModelId model) {}

  private final int max;
  private final Map<Place, Tried> tried = new LinkedHashMap<>();
  private AttemptState current;
  private @Nullable AttemptFailure lastFailure;
  private int broken;

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
    current = new AttemptState(current.id.next());
  }

  /** The attempt under way broke: it counts, and its place is avoided. */
  void broke(AttemptFailure failure) {
    broken++;
    lastFailure = failure;
    var node = current.node();
    if (node != null) {
      var placement = current.placement;
      boolean whole = placement == null || failure.kind().wholeNode();
      var model = whole ? null : placement.model();
      tried.merge(
          new Place(node, model),
          new Tried(node, model, failure.kind(), 1),
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
}
