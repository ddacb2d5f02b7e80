package org.brokecluster.coordinator.routing;

import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.brokecluster.coordinator.history.event.ByPlan;
import org.brokecluster.coordinator.routing.decision.Decision;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of recent requests, also after they ended: the last decision for explanations,
 * and what keeps a repeated message harmless. Bounded by requests and by the candidates of all
 * decisions together; the oldest go first.
 */
final class Recents {
  private final int maxRequests;
  private final int maxCandidates;
  private final Map<RequestId, Recent> byRequest = new LinkedHashMap<>();
  private int candidates;

  Recents(int maxRequests, int maxCandidates) {
    this.maxRequests = maxRequests;
    this.maxCandidates = maxCandidates;
  }

  /** One remembered request. */
  static final class Recent {
    private @Nullable Decision decision;
    private @Nullable AttemptId decided;
    private @Nullable Moment decidedAt;
    private @Nullable ByPlan byPlan;
    private @Nullable NodeId closedOn;
    private @Nullable String refusal;
    private PlacedRequest.@Nullable Arrival arrived;
    private int closed;
    private final BitSet reported = new BitSet();

    @Nullable Decision decision() {
      return decision;
    }

    @Nullable AttemptId decided() {
      return decided;
    }

    @Nullable Moment decidedAt() {
      return decidedAt;
    }

    /** The plan's part in that decision; null where it had none. */
    @Nullable ByPlan byPlan() {
      return byPlan;
    }

    /** When its first attempt came; null if that is not known. */
    PlacedRequest.@Nullable Arrival arrived() {
      return arrived;
    }

    /** Why the attempt decided last was refused; null if it was not. */
    @Nullable String refusal() {
      return refusal;
    }

    /** Node on which the attempt ran that ended last, if this attempt is not a later one. */
    @Nullable NodeId closedOn(AttemptId attempt) {
      return attempt.number() <= closed ? closedOn : null;
    }
  }

  @Nullable Recent find(RequestId request) {
    return byRequest.get(request);
  }

  /** The entry of a request; made if there is none. */
  private Recent of(RequestId request) {
    var recent = byRequest.get(request);
    if (recent == null) {
      recent = new Recent();
      byRequest.put(request, recent);
      shrink();
    }
    return recent;
  }

  /**
   * A request was decided on, maybe not for the first time.
   *
   * @param byPlan the plan's part in it; null where it had none
   */
  void decided(AttemptId attempt, Decision decision, @Nullable ByPlan byPlan, Moment now) {
    var recent = of(attempt.request());
    candidates -= size(recent);
    recent.decision = decision;
    recent.decided = attempt;
    recent.decidedAt = now;
    recent.byPlan = byPlan;
    recent.refusal = null;
    candidates += size(recent);
    shrink();
  }

  /** A request comes for the first time. */
  void arrived(RequestId request, PlacedRequest.Arrival arrived) {
    of(request).arrived = arrived;
  }

  void refused(AttemptId attempt, String message) {
    of(attempt.request()).refusal = message;
  }

  void closed(AttemptId attempt, NodeId node) {
    var recent = of(attempt.request());
    recent.closed = Math.max(recent.closed, attempt.number());
    recent.closedOn = node;
  }

  /** Notes a report; false if it was noted before. */
  boolean reported(AttemptId attempt) {
    var recent = of(attempt.request());
    boolean isNew = !recent.reported.get(attempt.number());
    recent.reported.set(attempt.number());
    return isNew;
  }

  private void shrink() {
    Iterator<Recent> oldest = byRequest.values().iterator();
    while (oldest.hasNext()
        && byRequest.size() > 1
        && (byRequest.size() > maxRequests || candidates > maxCandidates)) {
      candidates -= size(oldest.next());
      oldest.remove();
    }
  }

  private static int size(Recent recent) {
    return recent.decision == null ? 0 : recent.decision.candidates().size();
  }
}
