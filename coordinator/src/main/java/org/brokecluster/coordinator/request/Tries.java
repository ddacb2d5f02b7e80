package org.brokecluster.coordinator.request;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one request: the one under way, and where and why earlier ones broke. Pure; not
 * thread safe.
 */
final class Tries {
  /** Doublings of the time allowed for a first token. */
  private static final int PATIENCE_MAX = 4;

  private final int max;
  private final Set<NodeId> avoid = new LinkedHashSet<>();
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

  /** The attempt under way broke: it counts, and its node is avoided. */
  void broke(AttemptFailure failure) {
    broken++;
    lastFailure = failure;
    var failedAt = current.node();
    if (failedAt != null) {
      avoid.add(failedAt);
    }
  }

  /** Whether another attempt may follow when the one under way breaks. */
  boolean oneMore() {
    return broken + 1 < max;
  }

  /** Whether every attempt has been made. */
  boolean spent() {
    return broken >= max;
  }

  /** Nodes on which the request has failed. */
  List<NodeId> avoid() {
    return List.copyOf(avoid);
  }

  /** Gives the nodes that failed another chance; false if none has. */
  boolean forgiveNodes() {
    boolean any = !avoid.isEmpty();
    avoid.clear();
    return any;
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
