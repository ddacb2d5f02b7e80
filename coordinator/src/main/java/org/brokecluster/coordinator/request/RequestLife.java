package org.brokecluster.coordinator.request;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptEnded;
import org.brokecluster.protocol.edge.EdgeProtocol.Progress;
import org.brokecluster.protocol.edge.EdgeProtocol.Refused;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The life of one client request: which attempt is under way, what the client has received, and
 * what to do next. Pure: it is told what happened and when (milliseconds of a monotonic clock), and
 * answers with the actions to take. Not thread safe; owned by one actor, simulator or test.
 *
 * <p>An attempt that breaks before the client has received a token is followed by another one; a
 * stream that has begun ends in a clear error. What a client has received is counted here, so that
 * a later attempt can go on from it.
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
  private final boolean streamed;
  private final long startMs;
  private final long deadlineMs;
  private final Set<NodeId> avoid = new LinkedHashSet<>();
  private final SubmitPace pace;

  private State state = State.PLACING;
  private AttemptId attempt;
  private long routerSilentSinceMs;
  private @Nullable NodeId placedAt;
  private long placedMs;
  private @Nullable Placement placement;
  private long aliveMs;
  private long sequence;
  private long firstTokenMs = -1;
  private long chunksEmitted;
  private @Nullable AttemptFailure lastFailure;

  /**
   * A request that begins now.
   *
   * @param streamed whether the client receives tokens as they come
   * @param maxMs how long the client is willing to wait, from now
   */
  RequestLife(RequestId request, boolean streamed, long nowMs, long maxMs, LifeLimits limits) {
    this.limits = limits;
    this.streamed = streamed;
    this.startMs = nowMs;
    this.deadlineMs = nowMs + maxMs;
    this.attempt = new AttemptId(request, 1);
    this.routerSilentSinceMs = nowMs;
    this.pace = new SubmitPace(limits.submitRepeat().toMillis());
  }

  /** The attempt under way, or the last one. */
  AttemptId attempt() {
    return attempt;
  }

  /** The decision for the attempt under way, once its node has said Ready. */
  @Nullable Placement placement() {
    return placement;
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
    if (!attempt.equals(of) || state != State.PLACING) {
      return List.of();
    }
    routerHeard(nowMs);
    placedAt = null;
    return List.of(LifeAction.Comment.waiting(position, etaMs));
  }

  /** The router has sent a ticket to this node, and has just sent it again. */
  List<LifeAction> placed(long nowMs, AttemptId of, NodeId node) {
    if (!attempt.equals(of) || state != State.PLACING) {
      return List.of();
    }
    routerHeard(nowMs);
    if (!node.equals(placedAt)) {
      placedAt = node;
      placedMs = nowMs;
    }
    return List.of();
  }

  /** The router will not place the attempt. */
  List<LifeAction> refused(long nowMs, Refused refused) {
    if (!attempt.equals(refused.attempt()) || state != State.PLACING) {
      return List.of();
    }
    if (refused.reason() == Refusal.NO_CANDIDATE_LEFT && lastFailure != null) {
      return nobodyElse(nowMs, refused.attempt(), lastFailure);
    }
    state = State.OVER;
    return List.of(
        new LifeAction.Refuse(refused.reason(), refused.message(), refused.retryAfterMs()));
  }

  /**
   * Every other node has been tried: those that failed get another chance after a pause, as far as
   * attempts are left. In the end, what failed tells the client more than that nobody is left.
   */
  private List<LifeAction> nobodyElse(long nowMs, AttemptId of, AttemptFailure failure) {
    boolean enough = of.number() >= limits.attemptsMax() || nowMs >= deadlineMs;
    if (enough || avoid.isEmpty() || failure.kind() == AttemptFailure.Kind.UNSUPPORTED) {
      state = State.OVER;
      return List.of(new LifeAction.Fail(failure));
    }
    avoid.clear();
    nextAttempt(nowMs);
    pace.rest(nowMs);
    return List.of(new LifeAction.Comment("trying again"));
  }

  /** A node has admitted an attempt. */
  List<LifeAction> ready(long nowMs, AttemptId of, Placement decision) {
    if (!attempt.equals(of) || state == State.OVER) {
      return List.of(new LifeAction.Cancel(of));
    }
    if (state == State.RUNNING) {
      return List.of(); // said twice; the prompt is on its way
    }
    state = State.RUNNING;
    placement = decision;
    aliveMs = nowMs;
    sequence = 0;
    return List.of(new LifeAction.SendPrompt(of, decision));
  }

  /** The node tells what it does before the first token. */
  List<LifeAction> progress(long nowMs, Progress progress) {
    if (!isRunning(progress.attempt())) {
      return List.of();
    }
    aliveMs = nowMs;
    return List.of(LifeAction.Comment.of(progress));
  }

  /** Tokens came. */
  List<LifeAction> tokens(long nowMs, TokenBatch batch) {
    if (!isRunning(batch.attempt()) || batch.sequence() <= sequence) {
      return List.of();
    }
    if (batch.sequence() != sequence + 1) {
      return attemptBroke(nowMs, lost("a message from the node was lost on the way"));
    }
    sequence = batch.sequence();
    aliveMs = nowMs;
    if (firstTokenMs < 0) {
      firstTokenMs = nowMs - startMs;
    }
    chunksEmitted += batch.chunks().size();
    return List.of(new LifeAction.Emit(batch.sequence(), batch.chunks()));
  }

  /** The whole answer was made. */
  List<LifeAction> ended(long nowMs, AttemptEnded ended) {
    if (!isRunning(ended.attempt())) {
      return List.of();
    }
    if (ended.sequence() != sequence) {
      return attemptBroke(nowMs, lost("the last tokens from the node were lost on the way"));
    }
    state = State.OVER;
    return List.of(
        new LifeAction.Finish(ended.reason(), ended.usage()),
        new LifeAction.Report(
            report(
                nowMs,
                AttemptOutcome.COMPLETED,
                true,
                ended.reason().label(),
                null,
                ended.usage())));
  }

  /** The node says that the attempt broke. */
  List<LifeAction> failed(long nowMs, AttemptId of, AttemptFailure failure) {
    return attempt.equals(of) && state != State.OVER ? attemptBroke(nowMs, failure) : List.of();
  }

  /** A node has gone silent, or has forgotten an attempt of ours. */
  List<LifeAction> nodeLost(long nowMs, AttemptId of, String why) {
    return isRunning(of) ? attemptBroke(nowMs, lost(why)) : List.of();
  }

  /** A router with a new term reigns: what waits is submitted to it. */
  List<LifeAction> newTerm(long nowMs) {
    return state == State.PLACING ? List.of(submit(nowMs)) : List.of();
  }

  /** This host's membership ended: every node is out of reach until the next one. */
  List<LifeAction> membershipEnded(long nowMs) {
    return state == State.RUNNING
        ? attemptBroke(nowMs, lost("this machine lost its connection to the cluster"))
        : List.of();
  }

  /** The client hung up, or the keep time of an abandoned request ran out. */
  List<LifeAction> clientGone(long nowMs) {
    if (state == State.OVER) {
      return List.of();
    }
    var actions = giveUp();
    actions.add(
        new LifeAction.Report(
            report(nowMs, AttemptOutcome.CANCELLED, true, null, "client_gone", Usage.NONE)));
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
    if (placedAt != null && nowMs - placedMs >= limits.ready().toMillis()) {
      return attemptBroke(nowMs, lost("the node " + placedAt + " does not answer"));
    }
    if (nowMs - routerSilentSinceMs >= limits.noRouter().toMillis()) {
      var actions = giveUp();
      actions.add(
          new LifeAction.Refuse(
              Refusal.NO_NODE,
              "no coordinator answers; it may be asleep or moving, try again in a moment",
              2_000L));
      return actions;
    }
    return pace.due(nowMs) ? List.of(submit(nowMs)) : List.of();
  }

  private List<LifeAction> tickRunning(long nowMs) {
    if (nowMs >= deadlineMs) {
      return timedOut(nowMs);
    }
    var limit = sequence == 0 ? limits.firstToken() : limits.stall();
    if (nowMs - aliveMs < limit.toMillis()) {
      return List.of();
    }
    var why = "nothing came from the node for %d s".formatted(limit.toSeconds());
    return attemptBroke(nowMs, AttemptFailure.of(AttemptFailure.Kind.STALLED, "stalled", why));
  }

  private List<LifeAction> timedOut(long nowMs) {
    var actions = giveUp();
    if (placement == null) {
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
    actions.add(
        new LifeAction.Report(
            report(nowMs, AttemptOutcome.FAILED, true, null, "deadline_exceeded", Usage.NONE)));
    return actions;
  }

  private List<LifeAction> giveUp() {
    var actions = new ArrayList<LifeAction>();
    actions.add(
        state == State.RUNNING ? new LifeAction.Cancel(attempt) : new LifeAction.Withdraw());
    state = State.OVER;
    return actions;
  }

  private List<LifeAction> attemptBroke(long nowMs, AttemptFailure failure) {
    boolean again =
        failure.kind().retryable()
            && !(streamed && chunksEmitted > 0)
            && attempt.number() < limits.attemptsMax()
            && nowMs < deadlineMs;
    var actions = new ArrayList<LifeAction>();
    actions.add(new LifeAction.Cancel(attempt));
    actions.add(
        new LifeAction.Report(
            report(nowMs, AttemptOutcome.FAILED, !again, null, failure.code(), Usage.NONE)));
    if (!again) {
      state = State.OVER;
      actions.add(new LifeAction.Fail(failure));
      return actions;
    }
    lastFailure = failure;
    var failedAt = placement != null ? placement.node() : placedAt;
    if (failedAt != null) {
      avoid.add(failedAt);
    }
    if (chunksEmitted > 0) {
      actions.add(new LifeAction.Restart());
    }
    nextAttempt(nowMs);
    actions.add(submit(nowMs));
    return actions;
  }

  private void nextAttempt(long nowMs) {
    attempt = attempt.next();
    state = State.PLACING;
    placement = null;
    placedAt = null;
    sequence = 0;
    chunksEmitted = 0;
    firstTokenMs = -1;
    routerSilentSinceMs = nowMs;
    pace.restart();
  }

  private LifeAction submit(long nowMs) {
    pace.sent(nowMs);
    long remaining = Math.min(deadlineMs - nowMs, limits.queue().toMillis());
    return new LifeAction.Submit(attempt, remaining, nowMs - startMs, List.copyOf(avoid));
  }

  /** The router knows of the attempt; it is still asked now and then, in case it is replaced. */
  private void routerHeard(long nowMs) {
    routerSilentSinceMs = nowMs;
    pace.answered();
  }

  private boolean isRunning(AttemptId of) {
    return state == State.RUNNING && attempt.equals(of);
  }

  private static AttemptFailure lost(String why) {
    return AttemptFailure.of(AttemptFailure.Kind.NODE_LOST, "node_lost", why);
  }

  private AttemptReport report(
      long nowMs,
      AttemptOutcome outcome,
      boolean last,
      @Nullable String finishReason,
      @Nullable String error,
      Usage usage) {
    var model = placement == null ? null : placement.model();
    var node = placement == null ? placedAt : placement.node();
    long totalMs = nowMs - startMs;
    var firstToken = firstTokenMs < 0 ? null : Long.valueOf(firstTokenMs);
    var decode = firstTokenMs < 0 ? null : Long.valueOf(totalMs - firstTokenMs);
    return new AttemptReport(
        attempt,
        outcome,
        last,
        model,
        node,
        finishReason,
        error,
        usage,
        firstToken,
        totalMs,
        decode);
  }
}
