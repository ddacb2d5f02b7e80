package org.brokecluster.coordinator.request;

import org.brokecluster.protocol.edge.EdgeProtocol.Phase;
import org.brokecluster.protocol.edge.EdgeProtocol.Progress;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Placement;
import org.jspecify.annotations.Nullable;

/** What is known of one attempt. Times are milliseconds of a monotonic clock. */
final class AttemptState {
  /** A silence that has not been spoken of for this long is over. */
  private static final long EPISODE_MS = 2_500;

  final AttemptId id;

  /** Node that has the ticket, before it has said Ready. */
  @Nullable NodeId placedAt;

  long placedMs;

  /** The decision, once the node has said Ready. */
  @Nullable Placement placement;

  /** Last sign of life. */
  long aliveMs;

  /** Last batch that came. */
  long sequence;

  private long silentSinceMs = -1;
  private long silentSaidMs;
  private @Nullable Phase phase;
  private double reached = -1;
  private boolean late;

  AttemptState(AttemptId id) {
    this.id = id;
  }

  /** The router has sent the ticket to this node, perhaps again. */
  void placed(NodeId node, long nowMs) {
    if (!node.equals(placedAt)) {
      placedAt = node;
      placedMs = nowMs;
    }
  }

  /** The next batch came. */
  void heard(long batch, long nowMs) {
    sequence = batch;
    aliveMs = nowMs;
  }

  /** What it fails with if its node has had the ticket for too long without a word; or null. */
  @Nullable AttemptFailure unready(long nowMs, LifeLimits limits) {
    return placedAt != null && nowMs - placedMs >= limits.ready().toMillis()
        ? lost("the node " + placedAt + " does not answer")
        : null;
  }

  /**
   * The node tells what it does before the first token. Only what goes on counts as life: a load or
   * a prompt that stands still is as good as dead.
   */
  void progressed(Progress progress, long nowMs) {
    double share = progress.share() == null ? -1 : progress.share();
    if (progress.phase() != phase || share > reached) {
      phase = progress.phase();
      reached = share;
      aliveMs = nowMs;
    }
  }

  /** Its node is said to be silent, as it may have been before: for how long in all. */
  long silentMs(long nowMs) {
    if (silentSinceMs < 0 || nowMs - silentSaidMs > EPISODE_MS) {
      silentSinceMs = nowMs;
    }
    silentSaidMs = nowMs;
    return nowMs - silentSinceMs;
  }

  /** Forgets silence that is not the node's fault. */
  void forgive(long nowMs) {
    aliveMs = Math.max(aliveMs, nowMs);
    placedMs = Math.max(placedMs, nowMs);
  }

  /**
   * What it fails with if it runs and has been silent for too long; or null.
   *
   * @param patience how much longer than usual a first token may take, at least 1
   * @param buffered whether the runtime may keep back what it makes (tool calls)
   */
  @Nullable AttemptFailure stalled(long nowMs, LifeLimits limits, int patience, boolean buffered) {
    long limit =
        sequence == 0
            ? limits.firstTokenMs(placement, patience)
            : limits.stallMs(placement, buffered);
    if (nowMs - aliveMs < limit) {
      return null;
    }
    var why =
        "%s for %.1f s"
            .formatted(
                sequence == 0 ? "no first token came, nor progress," : "no token came",
                limit / 1000.0);
    return AttemptFailure.of(AttemptFailure.Kind.STALLED, "stalled", why);
  }

  /**
   * Whether its first token is so late by now that the request would be better off where one comes
   * sooner. Said once: asking others again and again would be load on them.
   */
  boolean becomesLate(long nowMs, LifeLimits limits) {
    boolean becomes = !late && sequence == 0 && nowMs - aliveMs >= limits.margin().toMillis();
    late |= becomes;
    return becomes;
  }

  /** Its node is out of reach. */
  static AttemptFailure lost(String why) {
    return AttemptFailure.of(AttemptFailure.Kind.NODE_LOST, "node_lost", why);
  }

  /** Where it is or was, as far as is known. */
  @Nullable NodeId node() {
    return placement != null ? placement.node() : placedAt;
  }

  /**
   * How it ended.
   *
   * @param last whether the request ends with it
   * @param failure class of the failure, or null
   * @param firstTokenMs when the client had its first token, after the call; negative for never
   * @param totalMs now, after the call
   */
  AttemptReport report(
      AttemptOutcome outcome,
      boolean last,
      @Nullable String finishReason,
      @Nullable String error,
      AttemptFailure.@Nullable Kind failure,
      Usage usage,
      long firstTokenMs,
      long totalMs,
      @Nullable ResumeWay resumed) {
    boolean spoke = firstTokenMs >= 0;
    return new AttemptReport(
        id,
        outcome,
        last,
        placement == null ? null : placement.model(),
        node(),
        finishReason,
        error,
        usage,
        spoke ? Long.valueOf(firstTokenMs) : null,
        totalMs,
        spoke ? Long.valueOf(totalMs - firstTokenMs) : null,
        failure,
        resumed);
  }
}
