package org.brokecluster.coordinator.request;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.protocol.edge.EdgeProtocol.Progress;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.Placement;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that is to take over from the one under way. Until its first token is there, the old
 * one goes on. From the moment the new one is told what the client has, the client gets nothing
 * more of the old one: that is held back, to be dropped when the new one speaks, or handed on after
 * all when it cannot. Pure; not thread safe; times are milliseconds of a monotonic clock.
 */
final class HandOver {
  /** Why an answer moves. */
  enum Why {
    /** Its node is leaving. */
    LEAVING,
    /** Its first token is late, and somebody else may be quicker. */
    LATE
  }

  private final Why why;
  private final AttemptState target;
  private final SubmitPace pace;
  private final List<TokenBatch> held = new ArrayList<>();
  private Continuation.@Nullable Leg leg;
  private boolean ready;

  /** By an attempt that has yet to be placed. */
  HandOver(Why why, AttemptState target, SubmitPace pace) {
    this.why = why;
    this.target = target;
    this.pace = pace;
  }

  /** Whether it is wanted only for as long as the one under way says nothing. */
  boolean isForLateness() {
    return why == Why.LATE;
  }

  /** Why the one under way ends, as reports say it. */
  String cause() {
    return switch (why) {
      case LEAVING -> LifeReports.NODE_LEAVING;
      case LATE -> "first_token_late";
    };
  }

  /** The attempt that takes over. */
  AttemptState target() {
    return target;
  }

  /** How often it is submitted. */
  SubmitPace pace() {
    return pace;
  }

  AttemptId id() {
    return target.id;
  }

  /** Whether a node has it. */
  boolean isReady() {
    return ready;
  }

  /** The router lets it wait. */
  void queued(long nowMs) {
    pace.answered(nowMs);
    target.placedAt = null;
  }

  /** The router has sent its ticket to this node. */
  void placed(NodeId node, long nowMs) {
    pace.answered(nowMs);
    target.placed(node, nowMs);
  }

  /** Its node has admitted it. */
  void ready(Placement decision, long nowMs) {
    ready = true;
    target.placement = decision;
    target.aliveMs = nowMs;
  }

  /** It is told what the client has, and goes on in this way. */
  void prompted(Continuation.Leg way) {
    leg = way;
  }

  /** How it goes on; null as long as it has not been told what the client has. */
  Continuation.@Nullable Leg leg() {
    return leg;
  }

  /** Its node tells what it does before the first token. */
  void progressed(Progress progress, long nowMs) {
    target.progressed(progress, nowMs);
  }

  /** Keeps back what the old attempt says. The node's window bounds it: it is not acknowledged. */
  void hold(TokenBatch batch) {
    held.add(batch);
  }

  /** What was kept back, in order. */
  List<TokenBatch> held() {
    return List.copyOf(held);
  }

  /** Forgets silence that is nobody's fault. */
  void forgive(long nowMs) {
    target.forgive(nowMs);
    pace.forgive(nowMs);
  }

  /** Whether it has taken too long to be worth waiting for. */
  boolean failed(long nowMs, LifeLimits limits, int patience) {
    return ready
        ? target.stalled(nowMs, limits, patience, false) != null
        : target.unready(nowMs, limits) != null
            || pace.silenceMs(nowMs) >= limits.noRouter().toMillis();
  }
}
