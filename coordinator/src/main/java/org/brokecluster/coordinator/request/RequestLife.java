package org.brokecluster.coordinator.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptEnded;
import org.brokecluster.protocol.edge.EdgeProtocol.Progress;
import org.brokecluster.protocol.edge.EdgeProtocol.Refused;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;
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
  private enum State {
    /** The router has been asked; no node has said Ready. */
    PLACING,
    /** A node has the attempt. */
    RUNNING,
    /** The client has its answer or its error. */
    OVER
  }

  private final LifeLimits limits;
  private final Continuation continuation;
  private final long deadlineMs;
  private final LifeReports reports;
  private final Tries tries;
  private final SubmitPace pace;

  private State state = State.PLACING;
  private AttemptState attempt;

  /**
   * A request that begins now.
   *
   * @param rules how its answer may go on after a break
   * @param maxMs how long the client is willing to wait, from now
   */
  RequestLife(RequestId request, RescueRules rules, long nowMs, long maxMs, LifeLimits limits) {
    this.limits = limits;
    this.continuation = new Continuation(rules);
    this.reports = new LifeReports(nowMs);
    this.deadlineMs = nowMs + maxMs;
    this.tries = new Tries(request, limits.attemptsMax());
    this.attempt = tries.current();
    this.pace = new SubmitPace(limits.submitRepeat().toMillis(), nowMs, request);
  }

  /** The attempt under way, or the last one. */
  AttemptId attempt() {
    return attempt.id;
  }

  /** The decision for the attempt under way, once its node has said Ready. */
  @Nullable Placement placement() {
    return attempt.placement;
  }

  /** What the client has, for an attempt that goes on from it. */
  Continuation continuation() {
    return continuation;
  }

  /** Whether the client has its answer or its error. */
  boolean isOver() {
    return state == State.OVER;
  }

  /** The first thing to do. */
  List<LifeAction> start(long nowMs) {
    return List.of(submit(nowMs));
  }

  /** The router has queued the attempt. */
  List<LifeAction> queued(long nowMs, AttemptId of, int position, long etaMs) {
    if (!isPlacing(of)) {
      return List.of();
    }
    pace.answered(nowMs);
    attempt.placedAt = null;
    return List.of(LifeAction.Comment.waiting(position, etaMs));
  }

  /** The router has sent a ticket to this node, and has just sent it again. */
  List<LifeAction> placed(long nowMs, AttemptId of, NodeId node) {
    if (!isPlacing(of)) {
      return List.of();
    }
    pace.answered(nowMs);
    attempt.placed(node, nowMs);
    return List.of();
  }

  /** The router will not place the attempt. */
  List<LifeAction> refused(long nowMs, Refused refused) {
    if (!isPlacing(refused.attempt())) {
      return List.of();
    }
    var failure = tries.lastFailure();
    if (failure != null && failure.kind() == AttemptFailure.Kind.CONTEXT_LENGTH) {
      state = State.OVER; // nobody has a larger context: the runtime's own words say it best
      return List.of(new LifeAction.Fail(continuation.unrescued(failure, refused.message())));
    }
    if (failure != null && isNobodyElse(refused.reason())) {
      return nobodyElse(nowMs, failure, refused.message());
    }
    state = State.OVER;
    if (continuation.begun() && failure != null) {
      return List.of(new LifeAction.Fail(continuation.unrescued(failure, refused.message())));
    }
    return List.of(
        new LifeAction.Refuse(refused.reason(), refused.message(), refused.retryAfterMs()));
  }

  /** Once an attempt has failed, these only say that its place was the last one, or is gone. */
  private static boolean isNobodyElse(Refusal reason) {
    return switch (reason) {
      case NO_CANDIDATE_LEFT, NO_NODE, MODEL_NOT_FOUND, NODE_NOT_FOUND, NOT_CAPABLE -> true;
      case CONTEXT_TOO_LONG, UNKNOWN_STRATEGY, QUEUE_FULL, DEADLINE -> false;
    };
  }

  /**
   * Every other place has been tried: those that failed get another chance after a pause, as far as
   * attempts are left. In the end, what failed tells the client more than that nobody is left.
   */
  private List<LifeAction> nobodyElse(long nowMs, AttemptFailure failure, String why) {
    boolean enough =
        tries.spent() || nowMs >= deadlineMs || failure.kind() == AttemptFailure.Kind.UNSUPPORTED;
    if (enough || !tries.forgivePlaces()) {
      state = State.OVER;
      return List.of(new LifeAction.Fail(continuation.unrescued(failure, why)));
    }
    nextAttempt(nowMs);
    pace.rest(nowMs, tries.broken(), failure.retryAfterMs());
    return List.of(new LifeAction.Comment("trying again"));
  }

  /**
   * A node has admitted an attempt.
   *
   * @param ways how the model there can go on with a broken answer
   * @param sure whether its answers are the same each time
   */
  List<LifeAction> ready(
      long nowMs, AttemptId of, Placement decision, Set<ResumeWay> ways, boolean sure) {
    if (!attempt.id.equals(of) || state == State.OVER) {
      return List.of(new LifeAction.Cancel(of));
    }
    if (state == State.RUNNING) {
      return List.of(); // said twice; the prompt is on its way
    }
    state = State.RUNNING;
    attempt.placement = decision;
    attempt.aliveMs = nowMs;
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
    if (!isRunning(progress.attempt())) {
      return List.of();
    }
    attempt.progressed(progress, nowMs);
    return List.of(LifeAction.Comment.of(progress));
  }

  /** Tokens came. */
  List<LifeAction> tokens(long nowMs, TokenBatch batch) {
    if (!isRunning(batch.attempt()) || batch.sequence() <= attempt.sequence) {
      return List.of();
    }
    if (batch.sequence() != attempt.sequence + 1) {
      return attemptBroke(nowMs, AttemptState.lost("a message from the node was lost on the way"));
    }
    attempt.heard(batch.sequence(), nowMs);
    reports.tokensCame(nowMs);
    continuation.received(batch, attempt.placement);
    return List.of(new LifeAction.Emit(batch.sequence(), batch.chunks()));
  }

  /** The whole answer was made. */
  List<LifeAction> ended(long nowMs, AttemptEnded ended) {
    if (!isRunning(ended.attempt())) {
      return List.of();
    }
    if (ended.sequence() != attempt.sequence) {
      return attemptBroke(
          nowMs, AttemptState.lost("the last tokens from the node were lost on the way"));
    }
    state = State.OVER;
    var usage = continuation.usage(ended.usage());
    return List.of(
        new LifeAction.Finish(ended.reason(), usage),
        reports.completed(attempt, ended.reason(), usage, continuation.way(), nowMs));
  }

  /** The node says that the attempt broke. */
  List<LifeAction> failed(long nowMs, AttemptId of, AttemptFailure failure) {
    return attempt.id.equals(of) && state != State.OVER ? attemptBroke(nowMs, failure) : List.of();
  }

  /** A node has gone silent, or has forgotten an attempt of ours. */
  List<LifeAction> nodeLost(long nowMs, AttemptId of, String why) {
    return isRunning(of) ? attemptBroke(nowMs, AttemptState.lost(why)) : List.of();
  }

  /** A router with a new term reigns: what waits is submitted to it. */
  List<LifeAction> newTerm(long nowMs) {
    return state == State.PLACING ? List.of(submit(nowMs)) : List.of();
  }

  /** This machine slept or stood still: nobody else is blamed for that time. */
  void forgive(long nowMs) {
    attempt.forgive(nowMs);
    pace.forgive(nowMs);
  }

  /** This host's membership ended: every node is out of reach until the next one. */
  List<LifeAction> membershipEnded(long nowMs) {
    return state == State.RUNNING
        ? attemptBroke(nowMs, AttemptState.lost("this machine lost its connection to the cluster"))
        : List.of();
  }

  /** The client hung up, or the keep time of an abandoned request ran out. */
  List<LifeAction> clientGone(long nowMs) {
    if (state == State.OVER) {
      return List.of();
    }
    var actions = giveUp();
    actions.add(givenUp(nowMs, AttemptOutcome.CANCELLED, "client_gone"));
    return actions;
  }

  /** Time has passed. */
  List<LifeAction> tick(long nowMs) {
    return switch (state) {
      case PLACING -> tickPlacing(nowMs);
      case RUNNING -> tickRunning(nowMs);
      case OVER -> List.of();
    };
  }

  private List<LifeAction> tickPlacing(long nowMs) {
    if (nowMs >= deadlineMs) {
      return timedOut(nowMs);
    }
    var unready = attempt.unready(nowMs, limits);
    if (unready != null) {
      return attemptBroke(nowMs, unready);
    }
    if (pace.silenceMs(nowMs) >= limits.noRouter().toMillis()) {
      var actions = giveUp();
      var why = "no coordinator answers; it may be asleep or moving, try again in a moment";
      actions.add(
          continuation.begun()
              ? new LifeAction.Fail(AttemptState.lost(why))
              : new LifeAction.Refuse(Refusal.NO_NODE, why, 2_000L));
      return actions;
    }
    return pace.due(nowMs) ? List.of(submit(nowMs)) : List.of();
  }

  private List<LifeAction> tickRunning(long nowMs) {
    if (nowMs >= deadlineMs) {
      return timedOut(nowMs);
    }
    var stalled = attempt.stalled(nowMs, limits, tries.patience(), continuation.buffered());
    return stalled == null ? List.of() : attemptBroke(nowMs, stalled);
  }

  private List<LifeAction> timedOut(long nowMs) {
    var actions = giveUp();
    if (attempt.placement == null && !continuation.begun()) {
      actions.add(
          new LifeAction.Refuse(
              Refusal.DEADLINE, "the request waited longer than it was allowed to", null));
    } else {
      actions.add(
          new LifeAction.Fail(
              AttemptFailure.of(
                  AttemptFailure.Kind.STALLED,
                  "deadline_exceeded",
                  "the answer took longer than the request allowed")));
    }
    actions.add(givenUp(nowMs, AttemptOutcome.FAILED, "deadline_exceeded"));
    return actions;
  }

  private List<LifeAction> giveUp() {
    var actions = new ArrayList<LifeAction>();
    actions.add(
        state == State.RUNNING ? new LifeAction.Cancel(attempt.id) : new LifeAction.Withdraw());
    state = State.OVER;
    return actions;
  }

  private List<LifeAction> attemptBroke(long nowMs, AttemptFailure failure) {
    boolean byWay = continuation.blames(failure);
    var obstacle = continuation.begun() ? continuation.obstacle() : null;
    boolean done = continuation.begun() && continuation.full();
    boolean again =
        (failure.kind().retryable() || byWay)
            && obstacle == null
            && !done
            && (byWay || tries.oneMore())
            && nowMs < deadlineMs;
    var actions = new ArrayList<LifeAction>();
    actions.add(new LifeAction.Cancel(attempt.id));
    actions.add(reports.broke(attempt, !again, failure, continuation.way(), nowMs));
    if (!again) {
      state = State.OVER;
      actions.add(
          done
              ? new LifeAction.Finish(FinishReason.LENGTH, continuation.usage())
              : new LifeAction.Fail(continuation.unrescued(failure, obstacle)));
      return actions;
    }
    if (!byWay) {
      tries.broke(failure);
    }
    actions.add(
        continuation.begun()
            ? new LifeAction.Note("the answer broke off (" + failure.code() + "), it goes on")
            : new LifeAction.Restart());
    nextAttempt(nowMs);
    if (failure.kind().mayBeHiccup() && !continuation.begun()) {
      pace.breathe(nowMs);
    } else {
      actions.add(submit(nowMs));
    }
    return actions;
  }

  private void nextAttempt(long nowMs) {
    tries.next();
    attempt = tries.current();
    state = State.PLACING;
    continuation.leave();
    if (!continuation.begun()) {
      reports.begunAnew();
    }
    pace.restart(nowMs);
  }

  private LifeAction submit(long nowMs) {
    pace.sent(nowMs);
    long remaining = Math.min(deadlineMs - nowMs, limits.queue().toMillis());
    return new LifeAction.Submit(
        attempt.id,
        remaining,
        reports.elapsedMs(nowMs),
        tries.avoid(),
        continuation.begun() ? continuation.continues() : null);
  }

  private boolean isPlacing(AttemptId of) {
    return state == State.PLACING && attempt.id.equals(of);
  }

  private boolean isRunning(AttemptId of) {
    return state == State.RUNNING && attempt.id.equals(of);
  }

  private LifeAction givenUp(long nowMs, AttemptOutcome outcome, String why) {
    return reports.givenUp(attempt, outcome, why, continuation.way(), nowMs);
  }
}
