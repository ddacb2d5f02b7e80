package org.brokecluster.coordinator.request;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.request.RequestState.Phase;
import org.brokecluster.protocol.edge.EdgeProtocol.Refused;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.Refusal;

/**
 * What becomes of a request for which there is no place. One that no node has had is refused, and
 * the router, which said so, has it in its history. One that broke before has failed: what its
 * client is told goes into the history as its last word. Pure; not thread safe.
 */
final class NoPlace {
  private final RequestState state;

  /** Of a request that waits for a place. */
  NoPlace(RequestState state) {
    this.state = state;
  }

  /** The router will not place the attempt under way. */
  List<LifeAction> refused(long nowMs, Refused refused) {
    var failure = state.tries.lastFailure();
    if (failure != null && failure.kind() == AttemptFailure.Kind.CONTEXT_LENGTH) {
      return failed(nowMs, failure, refused.message()); // its runtime's own words say it best
    }
    if (failure != null && Tries.isNobodyElse(refused.reason())) {
      return nobodyElse(nowMs, failure, refused.message());
    }
    boolean broken = state.continuation.begun() || refused.reason() == Refusal.RETRY_BUDGET;
    if (broken && failure != null) {
      return failed(nowMs, failure, refused.message());
    }
    state.phase = Phase.OVER;
    var refuse = new LifeAction.Refuse(refused.reason(), refused.message(), refused.retryAfterMs());
    return failure == null ? List.of(refuse) : ended(nowMs, refuse, refuse.reason().code());
  }

  /**
   * Every other place has been tried: those that failed get another chance after a pause, as far as
   * attempts are left. In the end, what failed tells the client more than that nobody is left.
   */
  private List<LifeAction> nobodyElse(long nowMs, AttemptFailure failure, String why) {
    boolean enough =
        state.tries.spent()
            || nowMs >= state.deadlineMs
            || failure.kind() == AttemptFailure.Kind.UNSUPPORTED;
    if (enough || !state.tries.forgivePlaces()) {
      return failed(nowMs, failure, why);
    }
    state.nextAttempt(nowMs);
    state.pace.rest(nowMs, state.tries.broken(), failure.retryAfterMs());
    return List.of(new LifeAction.Comment("trying again"));
  }

  /** No router has answered for too long. */
  List<LifeAction> noRouter(long nowMs) {
    if (state.continuation.begun()) {
      var lost = LifeAction.Fail.noRouter();
      return ended(nowMs, lost, lost.failure().code());
    }
    var refuse = LifeAction.Refuse.noRouter();
    boolean broke = state.tries.lastFailure() != null;
    return broke ? ended(nowMs, refuse, refuse.reason().code()) : List.of(refuse);
  }

  private List<LifeAction> failed(long nowMs, AttemptFailure failure, String why) {
    state.phase = Phase.OVER;
    var told = state.continuation.unrescued(failure, why);
    return ended(nowMs, new LifeAction.Fail(told), told.code());
  }

  /** The request, of which a node had an attempt, is over with this code. */
  private List<LifeAction> ended(long nowMs, LifeAction told, String code) {
    var actions = new ArrayList<LifeAction>();
    actions.add(told);
    actions.add(
        state.reports.givenUp(
            state.attempt, AttemptOutcome.FAILED, code, state.continuation.way(), nowMs));
    return actions;
  }
}
