package org.brokecluster.coordinator.request;

import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;

/**
 * Where one request stands: what its {@link RequestLife} and its {@link Moves} share. Times are
 * milliseconds of a monotonic clock. Pure; not thread safe.
 */
final class RequestState {
  /** What the request waits for. */
  enum Phase {
    /** The router has been asked; no node has said Ready. */
    PLACING,
    /** A node has the attempt. */
    RUNNING,
    /** The client has its answer or its error. */
    OVER
  }

  final LifeLimits limits;
  final Continuation continuation;
  final LifeReports reports;
  final Tries tries;
  final long deadlineMs;

  Phase phase = Phase.PLACING;

  /** The attempt under way, or the last one. */
  AttemptState attempt;

  /** How often it is submitted. */
  SubmitPace pace;

  /** A request that begins now. */
  RequestState(RequestId request, RescueRules rules, long nowMs, long maxMs, LifeLimits limits) {
    this.limits = limits;
    this.continuation = new Continuation(rules);
    this.reports = new LifeReports(nowMs);
    this.deadlineMs = nowMs + maxMs;
    this.tries = new Tries(request, limits.attemptsMax());
    this.attempt = tries.current();
    this.pace = new SubmitPace(limits.submitRepeat().toMillis(), nowMs, request);
  }

  boolean isPlacing(AttemptId of) {
    return phase == Phase.PLACING && attempt.id.equals(of);
  }

  boolean isOpen(AttemptId of) {
    return phase != Phase.OVER && attempt.id.equals(of);
  }

  boolean isRunning(AttemptId of) {
    return phase == Phase.RUNNING && attempt.id.equals(of);
  }

  /**
   * Whether another attempt may follow one that broke.
   *
   * @param byWay whether it broke for the way it went on from an earlier one
   */
  boolean mayGoOn(long nowMs, AttemptFailure failure, boolean byWay) {
    boolean stops = failure.kind() == AttemptFailure.Kind.NODE_STOPPING;
    boolean allowed = byWay || (stops ? tries.mayMove() : tries.oneMore());
    boolean possible =
        !continuation.begun() || (continuation.obstacle() == null && !continuation.full());
    return (failure.kind().retryable() || byWay) && possible && allowed && nowMs < deadlineMs;
  }

  /** The request is over with this failure: what the client is told. */
  LifeAction endWith(AttemptFailure failure) {
    phase = Phase.OVER;
    return continuation.begun() && continuation.full()
        ? new LifeAction.Finish(FinishReason.LENGTH, continuation.usage())
        : new LifeAction.Fail(
            continuation.unrescued(failure, continuation.begun() ? continuation.obstacle() : null));
  }

  /** Whether nobody else could go on with what the client has, and its node may yet be back. */
  boolean waitsForNode(long nowMs) {
    boolean fixed = continuation.begun() && continuation.obstacle() != null;
    return fixed && attempt.silentMs(nowMs) < limits.grace().toMillis();
  }

  /** How long the attempt under way may yet go without a first token. */
  long leftForFirstToken(long nowMs) {
    return attempt.aliveMs + limits.firstTokenMs(attempt.placement, tries.patience()) - nowMs;
  }

  /** Asks for a place for the attempt under way. */
  LifeAction submit(long nowMs) {
    return submit(nowMs, attempt.id, pace, 0);
  }

  /** Asks for a place for an attempt that is to take over from the one under way. */
  LifeAction submit(long nowMs, HandOver by) {
    return submit(nowMs, by.id(), by.pace(), attempt.id.number());
  }

  private LifeAction submit(long nowMs, AttemptId of, SubmitPace at, int beside) {
    at.sent(nowMs);
    long remaining = Math.min(deadlineMs - nowMs, limits.queue().toMillis());
    return new LifeAction.Submit(
        of,
        remaining,
        reports.elapsedMs(nowMs),
        tries.avoid(),
        continuation.begun() ? continuation.continues() : null,
        beside);
  }

  /** The attempt under way is over, and the next one waits for a place. */
  void nextAttempt(long nowMs) {
    tries.next();
    attempt = tries.current();
    phase = Phase.PLACING;
    continuation.leave();
    if (!continuation.begun()) {
      reports.begunAnew();
    }
    pace.restart(nowMs);
  }

  /** Tokens of the attempt under way go to the client. */
  LifeAction emit(long nowMs, TokenBatch batch) {
    reports.tokensCame(nowMs, batch.tokens());
    continuation.received(batch, attempt.placement);
    return new LifeAction.Emit(batch.sequence(), batch.chunks());
  }
}
