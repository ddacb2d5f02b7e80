package org.brokecluster.coordinator.request;

import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What the router is told of the ends of one request's attempts, with their times since the
 * client's call. Times are milliseconds of a monotonic clock. Pure; not thread safe.
 */
final class LifeReports {
  /** Cause of a move: the node wants to be rid of the attempt. */
  static final String NODE_LEAVING = "node_leaving";

  private final long startMs;
  private long firstTokenMs = -1;
  private int tokens;
  private int gone;

  /** For a request whose client called now. */
  LifeReports(long nowMs) {
    this.startMs = nowMs;
  }

  /** Time since the call. */
  long elapsedMs(long nowMs) {
    return nowMs - startMs;
  }

  /** Attempts that a node has or had; the one under way counts, wherever it is. */
  int attempts() {
    return gone + 1;
  }

  /** The client is given so many tokens. */
  void tokensCame(long nowMs, int count) {
    tokens += count;
    if (firstTokenMs < 0) {
      firstTokenMs = nowMs - startMs;
    }
  }

  /** What came is taken back: the next attempt makes the first token. */
  void begunAnew() {
    firstTokenMs = -1;
    tokens = 0;
  }

  /** What came so far, as far as it can be counted here. */
  private Usage made() {
    return tokens == 0 ? Usage.NONE : Usage.estimate(0, tokens);
  }

  private void leaves(AttemptState attempt) {
    gone += attempt.node() == null ? 0 : 1;
  }

  /** The whole answer was made. */
  LifeAction completed(
      AttemptState attempt, FinishReason reason, Usage usage, @Nullable ResumeWay way, long nowMs) {
    return report(attempt, AttemptOutcome.COMPLETED, reason.label(), null, usage, way, nowMs);
  }

  /** The attempt broke; {@code last} if the request ends with it. */
  LifeAction broke(
      AttemptState attempt,
      boolean last,
      AttemptFailure failure,
      @Nullable ResumeWay way,
      long nowMs) {
    if (!last) {
      leaves(attempt);
    }
    var report =
        attempt.report(
            AttemptOutcome.FAILED,
            last,
            null,
            failure.code(),
            failure.kind(),
            made(),
            firstTokenMs,
            nowMs - startMs,
            way);
    return new LifeAction.Report(report.leavingAlone(failure.retryAfterMs()));
  }

  /** Another attempt goes on from here, for this cause. */
  LifeAction handedOver(AttemptState attempt, String cause, @Nullable ResumeWay way, long nowMs) {
    leaves(attempt);
    return new LifeAction.Report(
        attempt.report(
            AttemptOutcome.HANDED_OVER,
            false,
            null,
            cause,
            null,
            made(),
            firstTokenMs,
            nowMs - startMs,
            way));
  }

  /** The request was given up with this attempt, which is not to blame. */
  LifeAction givenUp(
      AttemptState attempt,
      AttemptOutcome outcome,
      String why,
      @Nullable ResumeWay way,
      long nowMs) {
    return report(attempt, outcome, null, why, made(), way, nowMs);
  }

  private LifeAction report(
      AttemptState attempt,
      AttemptOutcome outcome,
      @Nullable String finishReason,
      @Nullable String error,
      Usage usage,
      @Nullable ResumeWay way,
      long nowMs) {
    return new LifeAction.Report(
        attempt.report(
            outcome, true, finishReason, error, null, usage, firstTokenMs, nowMs - startMs, way));
  }
}
