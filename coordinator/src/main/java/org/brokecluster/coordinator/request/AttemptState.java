package org.brokecluster.coordinator.request;

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

  /** What it fails with if it runs and has been silent for too long; or null. */
  @Nullable AttemptFailure stalled(long nowMs, LifeLimits limits) {
    var limit = sequence == 0 ? limits.firstToken() : limits.stall();
    if (nowMs - aliveMs < limit.toMillis()) {
      return null;
    }
    var why = "nothing came from the node for %d s".formatted(limit.toSeconds());
    return AttemptFailure.of(AttemptFailure.Kind.STALLED, "stalled", why);
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
   * @param firstTokenMs when the client had its first token, after the call; negative for never
   * @param totalMs now, after the call
   */
  AttemptReport report(
      AttemptOutcome outcome,
      boolean last,
      @Nullable String finishReason,
      @Nullable String error,
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
        resumed);
  }
}
