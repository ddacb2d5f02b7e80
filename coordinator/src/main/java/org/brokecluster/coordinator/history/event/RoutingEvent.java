package org.brokecluster.coordinator.history.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * Something the router did or learned. The names in {@link JsonSubTypes} are stored: they never
 * change, and a record only gains optional components.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RoutingEvent.TermStarted.class, name = "term-started"),
  @JsonSubTypes.Type(value = RoutingEvent.Received.class, name = "received"),
  @JsonSubTypes.Type(value = RoutingEvent.Decided.class, name = "decided"),
  @JsonSubTypes.Type(value = RoutingEvent.Queued.class, name = "queued"),
  @JsonSubTypes.Type(value = RoutingEvent.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = RoutingEvent.Started.class, name = "started"),
  @JsonSubTypes.Type(value = RoutingEvent.Completed.class, name = "completed"),
  @JsonSubTypes.Type(value = RoutingEvent.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = RoutingEvent.Cancelled.class, name = "cancelled"),
  @JsonSubTypes.Type(value = RoutingEvent.NodeChanged.class, name = "node-changed"),
  @JsonSubTypes.Type(value = RoutingEvent.StrategyChanged.class, name = "strategy-changed"),
})
public sealed interface RoutingEvent {
  /** Wall clock of the coordinator, in whole milliseconds. */
  Instant at();

  /** A router began to reign; the fold of its events starts here. */
  record TermStarted(Instant at, long term, NodeId coordinator, String strategy, String version)
      implements RoutingEvent {}

  /** A request came in; the first attempt's Submit. */
  record Received(Instant at, RequestId request, RequestFacts facts) implements RoutingEvent {}

  /**
   * An attempt was given a model and a node. At most 2 KiB as JSON.
   *
   * @param best the best candidates, at most {@value #BEST_MAX}, the chosen one first
   * @param lost how many further candidates fell out, by reason
   */
  record Decided(
      Instant at,
      AttemptId attempt,
      Placement placement,
      List<CandidateNote> best,
      Map<String, Integer> lost)
      implements RoutingEvent {
    /** Candidates kept in full. */
    public static final int BEST_MAX = 8;

    /** Copies the collections. */
    public Decided {
      best = List.copyOf(best);
      lost = Map.copyOf(lost);
    }
  }

  /**
   * One candidate of a decision, in short.
   *
   * @param score the strategy's score, higher is better
   * @param note why it won or lost
   */
  record CandidateNote(
      ModelId model,
      NodeId node,
      double score,
      long firstTokenMs,
      long finishMs,
      double quality,
      String note) {}

  /** An attempt has to wait for a slot. */
  record Queued(Instant at, AttemptId attempt, int position) implements RoutingEvent {}

  /** An attempt was not placed at all. */
  record Refused(Instant at, AttemptId attempt, Refusal reason, String message)
      implements RoutingEvent {}

  /** A node began to work on an attempt. */
  record Started(Instant at, AttemptId attempt, NodeId node) implements RoutingEvent {}

  /** An attempt gave its whole answer. */
  record Completed(Instant at, AttemptReport report) implements RoutingEvent {}

  /** An attempt broke. */
  record Failed(Instant at, AttemptReport report) implements RoutingEvent {}

  /** The client took the request back. */
  record Cancelled(Instant at, AttemptReport report) implements RoutingEvent {}

  /**
   * A node joined, left, or changed what it offers.
   *
   * @param change {@code joined}, {@code left}, {@code unreachable}, {@code reachable}, {@code
   *     draining}, {@code resumed} or {@code models}
   * @param models every model of the node with its state; null where that did not change
   */
  record NodeChanged(Instant at, NodeId node, String change, @Nullable Map<ModelId, String> models)
      implements RoutingEvent {}

  /** The strategy for requests that name none was changed at run time. */
  record StrategyChanged(Instant at, String strategy) implements RoutingEvent {}
}
