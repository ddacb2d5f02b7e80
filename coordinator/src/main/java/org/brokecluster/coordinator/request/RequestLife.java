package org.brokecluster.coordinator.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.request.RequestState.Phase;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptEnded;
import org.brokecluster.protocol.edge.EdgeProtocol.Progress;
import org.brokecluster.protocol.edge.EdgeProtocol.Refused;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.Placement;
import org.jspecify.annotations.Nullable;

/**
 * The life of one client request: which attempt is under way, what the client has received, and
 * what to do next. Pure: it is told what happened and when (milliseconds of a monotonic clock), and
 * answers with the actions to take. Not thread safe; owned by one actor, simulator or test.
 *
 * <p>An attempt that breaks is followed by another one. Once the client of a stream has a part of
 * its answer, the next attempt goes on from there (see {@link Continuation}); where that cannot be,
 * the stream ends in a clear error.
 */
final class RequestLife {
  private final RequestState state;
  private final Moves moves;
  private final NoPlace noPlace;
  private final Continuation continuation;

  /**
   * A request that begins now.
   *
   * @param rules how its answer may go on after a break
   * @param maxMs how long the client is willing to wait, from now
   */
  RequestLife(RequestId request, RescueRules rules, long nowMs, long maxMs, LifeLimits limits) {
    this.state = new RequestState(request, rules, nowMs, maxMs, limits);
    this.moves = new Moves(state);
    this.noPlace = new NoPlace(state);
    this.continuation = state.continuation;
  }

  /** The attempt under way, or the last one. */
  AttemptId attempt() {
    return state.attempt.id;
  }

  /** Attempts that a node has or had, the one under way among them. */
  int attempts() {
    return state.reports.attempts();
  }

  /** The decision for the attempt under way, once its node has said Ready. */
  @Nullable Placement placement() {
    return state.attempt.placement;
  }

  /** What the client has, for an attempt that goes on from it. */
  Continuation continuation() {
    return continuation;
  }

  /** Whether the client has its answer or its error. */
  boolean isOver() {
    return state.phase == Phase.OVER;
  }

  /** The first thing to do. */
  List<LifeAction> start(long nowMs) {
    return List.of(state.submit(nowMs));
  }

  /** The router has queued the attempt. */
  List<LifeAction> queued(long nowMs, AttemptId of, int position, long etaMs) {
    moves.queued(nowMs, of);
    if (!state.isPlacing(of)) {
      return List.of();
    }
    state.pace.answered(nowMs);
    state.attempt.placedAt = null;
    return List.of(LifeAction.Comment.waiting(position, etaMs));
  }

  /** The router has sent a ticket to this node, and has just sent it again. */
  List<LifeAction> placed(long nowMs, AttemptId of, NodeId node) {
    moves.placed(nowMs, of, node);
    if (!state.isPlacing(of)) {
      return List.of();
    }
    state.pace.answered(nowMs);
    state.attempt.placed(node, nowMs);
    return List.of();
  }

  /** The router will not place the attempt. */
  List<LifeAction> refused(long nowMs, Refused refused) {
    if (moves.takingOver(refused.attempt()) != null) {
      return moves.stay(nowMs); // nobody else can: it stays where it is for as long as it may
    }
    if (!state.isPlacing(refused.attempt())) {
      return List.of();
    }
    return noPlace.refused(nowMs, refused);
  }

  /**
   * A node has admitted an attempt.
   *
   * @param ways how the model there can go on with a broken answer
   * @param sure whether its answers are the same each time
   */
  List<LifeAction> ready(
      long nowMs, AttemptId of, Placement decision, Set<ResumeWay> ways, boolean sure) {
    var taking = moves.takingOver(of);
    if (taking != null) {
      return taking.isReady() ? List.of() : moves.ready(nowMs, taking, decision, ways, sure);
    }
    if (!state.attempt.id.equals(of) || state.phase == Phase.OVER) {
      return List.of(new LifeAction.Cancel(of));
    }
    if (state.phase == Phase.RUNNING) {
      return List.of(); // said twice; the prompt is on its way
    }
    state.phase = Phase.RUNNING;
    state.attempt.placement = decision;
    state.attempt.aliveMs = nowMs;
    if (!continuation.begun()) {
      return List.of(new LifeAction.SendPrompt(of, decision, null));
    }
    var resume = continuation.begin(decision, ways, sure);
    if (resume == null) {
      var why = "%s on %s cannot go on with it".formatted(decision.model(), decision.node());
      return attemptBroke(
          nowMs, AttemptFailure.of(AttemptFailure.Kind.DIVERGED, "cannot_continue", why));
    }
    return List.of(
        LifeAction.Note.goingOn(decision, resume.way()),
        new LifeAction.SendPrompt(of, decision, resume));
  }

  /** The node tells what it does before the first token. */
  List<LifeAction> progress(long nowMs, Progress progress) {
    moves.progress(nowMs, progress);
    if (!state.isRunning(progress.attempt())) {
      return List.of();
    }
    state.attempt.progressed(progress, nowMs);
    return List.of(LifeAction.Comment.of(progress));
  }

  /** Tokens came. */
  List<LifeAction> tokens(long nowMs, TokenBatch batch) {
    return LifeAction.joined(moves.spoken(nowMs, batch.attempt()), heard(nowMs, batch));
  }

  private List<LifeAction> heard(long nowMs, TokenBatch batch) {
    if (!state.isRunning(batch.attempt()) || batch.sequence() <= state.attempt.sequence) {
      return List.of();
    }
    if (batch.sequence() != state.attempt.sequence + 1) {
      return attemptBroke(nowMs, AttemptState.lost("a message from the node was lost on the way"));
    }
    state.attempt.heard(batch.sequence(), nowMs);
    var settled = moves.heard(nowMs);
    boolean held = moves.hold(batch);
    return held ? settled : LifeAction.joined(settled, List.of(state.emit(nowMs, batch)));
  }

  /** The whole answer was made. */
  List<LifeAction> ended(long nowMs, AttemptEnded ended) {
    return LifeAction.joined(moves.spoken(nowMs, ended.attempt()), whole(nowMs, ended));
  }

  private List<LifeAction> whole(long nowMs, AttemptEnded ended) {
    if (!state.isRunning(ended.attempt())) {
      return List.of();
    }
    if (ended.sequence() != state.attempt.sequence) {
      return attemptBroke(
          nowMs, AttemptState.lost("the last tokens from the node were lost on the way"));
    }
    var actions = new ArrayList<>(moves.stay(nowMs));
    state.phase = Phase.OVER;
    var usage = continuation.usage(ended.usage());
    actions.add(new LifeAction.Finish(ended.reason(), usage));
    actions.add(
        state.reports.completed(state.attempt, ended.reason(), usage, continuation.way(), nowMs));
    return actions;
  }

  /** The node says that the attempt broke. */
  List<LifeAction> failed(long nowMs, AttemptId of, AttemptFailure failure) {
    if (moves.takingOver(of) != null) {
      return moves.stay(nowMs, failure);
    }
    return state.isOpen(of) ? attemptBroke(nowMs, failure) : List.of();
  }

  /**
   * A node is silent, or has forgotten an attempt of ours. What nobody else can go on with is given
   * some more time: a node may vanish for a moment only.
   */
  List<LifeAction> nodeLost(long nowMs, AttemptId of, String why) {
    if (moves.takingOver(of) != null) {
      return moves.stay(nowMs);
    }
    boolean lost = state.isRunning(of) && !state.waitsForNode(nowMs);
    return lost ? attemptBroke(nowMs, AttemptState.lost(why)) : List.of();
  }

  /** Whether something is expected of this attempt. */
  boolean hasOpen(AttemptId of) {
    return state.isOpen(of) || moves.takingOver(of) != null;
  }

  /**
   * The node of an attempt is leaving, and had better be rid of it: another attempt is placed
   * elsewhere, and takes over when it can.
   */
  List<LifeAction> handOver(long nowMs, AttemptId of) {
    return moves.begin(nowMs, of);
  }

  /** A router with a new term reigns: what waits is submitted to it. */
  List<LifeAction> newTerm(long nowMs) {
    return state.phase == Phase.PLACING ? List.of(state.submit(nowMs)) : moves.newTerm(nowMs);
  }

  /** This machine slept or stood still: nobody else is blamed for that time. */
  void forgive(long nowMs) {
    state.attempt.forgive(nowMs);
    state.pace.forgive(nowMs);
    moves.forgive(nowMs);
  }

  /** This host's membership ended: every node is out of reach until the next one. */
  List<LifeAction> membershipEnded(long nowMs) {
    moves.forget();
    return state.phase == Phase.RUNNING
        ? attemptBroke(nowMs, AttemptState.lost("this machine lost its connection to the cluster"))
        : List.of();
  }

  /** The client hung up, or the keep time of an abandoned request ran out. */
  List<LifeAction> clientGone(long nowMs) {
    return ended(nowMs, AttemptOutcome.CANCELLED, "client_gone", List.of());
  }

  /** This edge stops, and can wait for the rest of the answer no longer. */
  List<LifeAction> stopping(long nowMs) {
    return ended(
        nowMs, AttemptOutcome.FAILED, "shutting_down", List.of(LifeAction.Fail.shuttingDown()));
  }

  private List<LifeAction> ended(
      long nowMs, AttemptOutcome outcome, String why, List<LifeAction> told) {
    if (state.phase == Phase.OVER) {
      return List.of();
    }
    var actions = giveUp();
    actions.addAll(told);
    actions.add(state.reports.givenUp(state.attempt, outcome, why, continuation.way(), nowMs));
    return actions;
  }

  /** Time has passed. */
  List<LifeAction> tick(long nowMs) {
    return switch (state.phase) {
      case PLACING -> tickPlacing(nowMs);
      case RUNNING -> tickRunning(nowMs);
      case OVER -> List.of();
    };
  }

  private List<LifeAction> tickPlacing(long nowMs) {
    if (nowMs >= state.deadlineMs) {
      return timedOut(nowMs);
    }
    var unready = state.attempt.unready(nowMs, state.limits);
    if (unready != null) {
      return attemptBroke(nowMs, unready);
    }
    if (state.pace.silenceMs(nowMs) >= state.limits.noRouter().toMillis()) {
      var actions = giveUp();
      actions.addAll(noPlace.noRouter(nowMs));
      return actions;
    }
    return state.pace.due(nowMs) ? List.of(state.submit(nowMs)) : List.of();
  }

  private List<LifeAction> tickRunning(long nowMs) {
    if (nowMs >= state.deadlineMs) {
      return timedOut(nowMs);
    }
    var stalled =
        state.attempt.stalled(nowMs, state.limits, state.tries.patience(), continuation.buffered());
    return stalled == null ? moves.tick(nowMs) : attemptBroke(nowMs, stalled);
  }

  private List<LifeAction> timedOut(long nowMs) {
    boolean waited = state.attempt.placement == null && !continuation.begun();
    return ended(
        nowMs,
        AttemptOutcome.FAILED,
        "deadline_exceeded",
        List.of(LifeAction.Refuse.tooLate(waited)));
  }

  private List<LifeAction> giveUp() {
    var actions = new ArrayList<>(moves.end());
    boolean running = state.phase == Phase.RUNNING;
    actions.add(running ? new LifeAction.Cancel(state.attempt.id) : new LifeAction.Withdraw());
    state.phase = Phase.OVER;
    return actions;
  }

  private List<LifeAction> attemptBroke(long nowMs, AttemptFailure failure) {
    boolean byWay = continuation.blames(failure);
    boolean again = state.mayGoOn(nowMs, failure, byWay);
    boolean leaving = failure.kind() == AttemptFailure.Kind.NODE_STOPPING;
    var actions = new ArrayList<LifeAction>();
    actions.add(new LifeAction.Cancel(state.attempt.id));
    actions.add(
        leaving && again
            ? state.reports.handedOver(
                state.attempt, LifeReports.NODE_LEAVING, continuation.way(), nowMs)
            : state.reports.broke(state.attempt, !again, failure, continuation.way(), nowMs));
    if (!again) {
      actions.addAll(moves.end());
      actions.add(state.endWith(failure));
      return actions;
    }
    if (leaving) {
      state.tries.leaving(failure);
    } else if (!byWay) {
      state.tries.broke(failure);
    }
    actions.add(
        continuation.begun()
            ? new LifeAction.Note("the answer broke off (" + failure.code() + "), it goes on")
            : new LifeAction.Restart());
    actions.addAll(another(nowMs, failure));
    return actions;
  }

  /** The next attempt, or the one that was to take over anyway. */
  private List<LifeAction> another(long nowMs, AttemptFailure failure) {
    if (moves.becomeCurrent()) {
      return List.of();
    }
    state.nextAttempt(nowMs);
    if (failure.kind().mayBeHiccup() && !continuation.begun()) {
      state.pace.breathe(nowMs);
      return List.of();
    }
    return List.of(state.submit(nowMs));
  }
}
