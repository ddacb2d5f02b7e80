package org.brokecluster.coordinator.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.request.RequestState.Phase;
import org.brokecluster.protocol.edge.EdgeProtocol.Progress;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.router.Placement;
import org.jspecify.annotations.Nullable;

/**
 * How one request leaves a node that is leaving, or whose first token is late: another attempt is
 * placed beside the one under way (see {@link HandOver}), and takes over or is dropped. Pure; not
 * thread safe.
 */
final class Moves {
  /** Pause before the same request is tried to be moved again. */
  private static final long AGAIN_MS = 2_000;

  /** A late first token is waited for if it is given up sooner than this anyway. */
  private static final long WORTH_MS = 1_000;

  private final RequestState state;
  private @Nullable HandOver next;
  private long fromMs = Long.MIN_VALUE;

  /** Of a request that stays where it is. */
  Moves(RequestState state) {
    this.state = state;
  }

  /** The hand-over under way, if this is the attempt that is to take over; else null. */
  @Nullable HandOver takingOver(AttemptId of) {
    var taking = next;
    return taking != null && taking.id().equals(of) ? taking : null;
  }

  /** An attempt's node would like to be rid of it. */
  List<LifeAction> begin(long nowMs, AttemptId of) {
    return begin(nowMs, of, HandOver.Why.LEAVING);
  }

  private List<LifeAction> begin(long nowMs, AttemptId of, HandOver.Why why) {
    var answer = state.continuation;
    boolean fixed = answer.begun() && (answer.obstacle() != null || answer.full());
    boolean may = state.isRunning(of) && nowMs >= fromMs && state.tries.mayMove();
    if (fixed || !may || next != null) {
      return List.of();
    }
    switch (why) {
      case LEAVING -> state.tries.leaving(null);
      case LATE -> state.tries.late();
    }
    var begun = new HandOver(why, state.tries.beside(), state.pace.another(nowMs));
    next = begun;
    return List.of(state.submit(nowMs, begun));
  }

  /** A node has admitted the attempt that is to take over. */
  List<LifeAction> ready(
      long nowMs, HandOver taking, Placement decision, Set<ResumeWay> ways, boolean sure) {
    var answer = state.continuation;
    taking.ready(decision, nowMs);
    if (taking.isForLateness() && decision.firstTokenMs() >= state.leftForFirstToken(nowMs)) {
      return stay(nowMs);
    }
    if (!answer.begun()) {
      var actions = takeOver(nowMs, taking);
      state.reports.begunAnew();
      actions.add(new LifeAction.Restart());
      actions.add(new LifeAction.SendPrompt(taking.id(), decision, null));
      return actions;
    }
    var own = answer.leg();
    var resume = answer.begin(decision, ways, sure);
    var other = answer.leg();
    answer.leg(own);
    if (resume == null) {
      return stay(nowMs);
    }
    taking.prompted(other);
    return List.of(new LifeAction.SendPrompt(taking.id(), decision, resume));
  }

  /** The old attempt speaks: a move that only its silence was the reason for is off. */
  List<LifeAction> heard(long nowMs) {
    return next != null && next.isForLateness() ? stay(nowMs) : List.of();
  }

  /** Keeps back what the old attempt says once the new one has been told what the client has. */
  boolean hold(TokenBatch batch) {
    var taking = next;
    if (taking == null || taking.leg() == null) {
      return false;
    }
    taking.hold(batch);
    return true;
  }

  /** The router lets an attempt wait. */
  void queued(long nowMs, AttemptId of) {
    var taking = takingOver(of);
    if (taking != null) {
      taking.queued(nowMs);
    }
  }

  /** The router has sent an attempt's ticket to this node. */
  void placed(long nowMs, AttemptId of, NodeId node) {
    var taking = takingOver(of);
    if (taking != null) {
      taking.placed(node, nowMs);
    }
  }

  /** An attempt's node tells what it does before the first token. */
  void progress(long nowMs, Progress progress) {
    var taking = takingOver(progress.attempt());
    if (taking != null) {
      taking.progressed(progress, nowMs);
    }
  }

  /** An attempt makes its answer: if it is the new one, the old one has done its part. */
  List<LifeAction> spoken(long nowMs, AttemptId of) {
    var taking = takingOver(of);
    return taking == null || taking.leg() == null ? List.of() : takeOver(nowMs, taking);
  }

  private List<LifeAction> takeOver(long nowMs, HandOver by) {
    var actions = new ArrayList<LifeAction>();
    actions.add(new LifeAction.Cancel(state.attempt.id));
    actions.add(
        state.reports.handedOver(state.attempt, by.cause(), state.continuation.way(), nowMs));
    become(by);
    var way = state.continuation.way();
    if (way != null && state.attempt.placement != null) {
      actions.add(LifeAction.Note.movedTo(state.attempt.placement, way));
    }
    return actions;
  }

  /** The old attempt broke: the new one follows it at once, if there is one. */
  boolean becomeCurrent() {
    var by = next;
    if (by == null) {
      return false;
    }
    become(by);
    return true;
  }

  private void become(HandOver by) {
    next = null;
    state.tries.takenOver(by.target());
    state.attempt = by.target();
    state.pace = by.pace();
    state.phase = by.isReady() ? Phase.RUNNING : Phase.PLACING;
    var leg = by.leg();
    if (leg == null) {
      state.continuation.leave();
    } else {
      state.continuation.leg(leg);
    }
  }

  /** The old attempt goes on after all: what was kept back of it is handed on. */
  List<LifeAction> stay(long nowMs) {
    var dropped = next;
    if (dropped == null) {
      return List.of();
    }
    var actions = new ArrayList<>(end());
    fromMs = nowMs + AGAIN_MS;
    dropped.held().forEach(batch -> actions.add(state.emit(nowMs, batch)));
    return actions;
  }

  /** The same, because the new attempt broke; where its way was at fault, another one may work. */
  List<LifeAction> stay(long nowMs, AttemptFailure failure) {
    var leg = next == null ? null : next.leg();
    boolean byWay = leg != null && state.continuation.blames(leg, failure);
    var actions = stay(nowMs);
    if (byWay) {
      fromMs = nowMs;
    }
    return actions;
  }

  /** Time has passed. */
  List<LifeAction> tick(long nowMs) {
    var taking = next;
    if (taking == null) {
      boolean late =
          state.leftForFirstToken(nowMs) >= WORTH_MS
              && state.attempt.becomesLate(nowMs, state.limits);
      return late ? begin(nowMs, state.attempt.id, HandOver.Why.LATE) : List.of();
    }
    if (taking.failed(nowMs, state.limits, state.tries.patience())) {
      return stay(nowMs);
    }
    boolean due = !taking.isReady() && taking.pace().due(nowMs);
    return due ? List.of(state.submit(nowMs, taking)) : List.of();
  }

  /** A router with a new term reigns. */
  List<LifeAction> newTerm(long nowMs) {
    var taking = next;
    return taking == null || taking.isReady() ? List.of() : List.of(state.submit(nowMs, taking));
  }

  /** This machine slept: silence until now is nobody's fault. */
  void forgive(long nowMs) {
    if (next != null) {
      next.forgive(nowMs);
    }
  }

  /** The request is over: what ends the new attempt with it. */
  List<LifeAction> end() {
    var dropped = next;
    next = null;
    return dropped == null || !dropped.isReady()
        ? List.of()
        : List.of(new LifeAction.Cancel(dropped.id()));
  }

  /** Nobody can be reached any more. */
  void forget() {
    next = null;
  }
}
