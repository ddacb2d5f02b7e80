package org.brokecluster.coordinator.history.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.breaker.BreakerLimits;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Tier;
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
  @JsonSubTypes.Type(value = RoutingEvent.HandedOver.class, name = "handed-over"),
  @JsonSubTypes.Type(value = RoutingEvent.NodeChanged.class, name = "node-changed"),
  @JsonSubTypes.Type(value = RoutingEvent.StrategyChanged.class, name = "strategy-changed"),
  @JsonSubTypes.Type(value = RoutingEvent.Rated.class, name = "rated"),
  @JsonSubTypes.Type(value = RoutingEvent.Learned.class, name = "learned"),
  @JsonSubTypes.Type(value = RoutingEvent.Arranged.class, name = "arranged"),
})
public sealed interface RoutingEvent {
  /** Wall clock of the coordinator, in whole milliseconds. */
  Instant at();

  /** Calls the visitor's method for this kind of event: adding a kind breaks whoever forgot it. */
  <R> R accept(EventVisitor<R> visitor);

  /** The request this event belongs to, or null if it belongs to none. */
  default @Nullable RequestId concerns() {
    return null;
  }

  /** How an attempt ended, by what its edge says. */
  static RoutingEvent ended(Instant at, AttemptReport report) {
    return switch (report.outcome()) {
      case COMPLETED -> new Completed(at, report);
      case FAILED -> new Failed(at, report);
      case HANDED_OVER -> new HandedOver(at, report);
      case CANCELLED -> new Cancelled(at, report);
    };
  }

  /**
   * A router began to reign; the fold of its events starts here.
   *
   * @param breaker when it leaves a place alone; null in old events
   * @param learning how it learns; null in old events
   */
  record TermStarted(
      Instant at,
      long term,
      NodeId coordinator,
      String strategy,
      String version,
      @Nullable BreakerLimits breaker,
      @Nullable LearningTerms learning)
      implements RoutingEvent {
    /** Where nothing is said of breakers and learning. */
    public TermStarted(Instant at, long term, NodeId coordinator, String strategy, String version) {
      this(at, term, coordinator, strategy, version, null, null);
    }

    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.termStarted(this);
    }
  }

  /** A request came in; the first attempt's Submit. */
  record Received(Instant at, RequestId request, RequestFacts facts) implements RoutingEvent {
    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.received(this);
    }

    @Override
    public RequestId concerns() {
      return request;
    }
  }

  /**
   * An attempt was given a model and a node. At most 2 KiB as JSON.
   *
   * @param best the best candidates, at most {@value #BEST_MAX}, the chosen one first
   * @param lost how many further candidates fell out, by reason
   * @param reckoning what the decision would have been without anything learned; null in old events
   * @param byPlan the plan's part in it; null where it had none
   */
  record Decided(
      Instant at,
      AttemptId attempt,
      Placement placement,
      List<CandidateNote> best,
      Map<String, Integer> lost,
      @Nullable Reckoning reckoning,
      @Nullable ByPlan byPlan)
      implements RoutingEvent {
    /** Candidates kept in full. */
    public static final int BEST_MAX = 8;

    /** Where nothing was learned or planned. */
    public Decided(
        Instant at,
        AttemptId attempt,
        Placement placement,
        List<CandidateNote> best,
        Map<String, Integer> lost) {
      this(at, attempt, placement, best, lost, null, null);
    }

    /** Copies the collections. */
    public Decided {
      best = List.copyOf(best);
      lost = Map.copyOf(lost);
    }

    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.decided(this);
    }

    @Override
    public RequestId concerns() {
      return attempt.request();
    }
  }

  /**
   * An attempt has to wait for a slot.
   *
   * @param position place in the queue, from 1
   * @param etaMs predicted time to the first token; null in old events
   */
  record Queued(Instant at, AttemptId attempt, int position, @Nullable Long etaMs)
      implements RoutingEvent {
    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.queued(this);
    }

    @Override
    public RequestId concerns() {
      return attempt.request();
    }
  }

  /**
   * An attempt was not placed at all.
   *
   * @param retryAfterMs when it was told to come back, or null if it was not
   */
  record Refused(
      Instant at, AttemptId attempt, Refusal reason, String message, @Nullable Long retryAfterMs)
      implements RoutingEvent {
    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.refused(this);
    }

    @Override
    public RequestId concerns() {
      return attempt.request();
    }
  }

  /** A node began to work on an attempt. */
  record Started(Instant at, AttemptId attempt, NodeId node) implements RoutingEvent {
    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.started(this);
    }

    @Override
    public RequestId concerns() {
      return attempt.request();
    }
  }

  /** An attempt gave its whole answer. */
  record Completed(Instant at, AttemptReport report) implements RoutingEvent {
    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.completed(this);
    }

    @Override
    public RequestId concerns() {
      return report.attempt().request();
    }
  }

  /** An attempt broke. */
  record Failed(Instant at, AttemptReport report) implements RoutingEvent {
    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.failed(this);
    }

    @Override
    public RequestId concerns() {
      return report.attempt().request();
    }
  }

  /** The client took the request back. */
  record Cancelled(Instant at, AttemptReport report) implements RoutingEvent {
    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.cancelled(this);
    }

    @Override
    public RequestId concerns() {
      return report.attempt().request();
    }
  }

  /** An attempt's node was leaving, and another attempt went on from there. */
  record HandedOver(Instant at, AttemptReport report) implements RoutingEvent {
    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.handedOver(this);
    }

    @Override
    public RequestId concerns() {
      return report.attempt().request();
    }
  }

  /**
   * A node joined, left, or changed what it offers.
   *
   * @param change {@code joined}, {@code left}, {@code unreachable}, {@code reachable}, {@code
   *     draining}, {@code resumed} or {@code models}
   * @param models every model of the node with its state; null where that did not change
   * @param offer what the node can do, where its models changed; null in old events
   */
  record NodeChanged(
      Instant at,
      NodeId node,
      String change,
      @Nullable Map<ModelId, String> models,
      @Nullable NodeOffer offer)
      implements RoutingEvent {
    /** Where nothing is said of what the node can do. */
    public NodeChanged(
        Instant at, NodeId node, String change, @Nullable Map<ModelId, String> models) {
      this(at, node, change, models, null);
    }

    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.nodeChanged(this);
    }
  }

  /**
   * The strategy for requests that name none was changed at run time, or what the configured ones
   * mean.
   *
   * @param strategy the one in force
   * @param configured weights of every configured strategy by term, when they were read again
   */
  record StrategyChanged(
      Instant at, String strategy, @Nullable Map<String, Map<String, Double>> configured)
      implements RoutingEvent {
    /** A choice among the strategies there are. */
    public StrategyChanged(Instant at, String strategy) {
      this(at, strategy, null);
    }

    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.strategyChanged(this);
    }
  }

  /**
   * Somebody said how good an answer was; a later one replaces it.
   *
   * @param score {@value #WORST} to {@value #BEST}
   * @param model that gave the answer, or null if that is not known
   * @param tier of that model, or null if that is not known
   * @param outcome whether nobody rated it, but somebody saw it succeed ({@value #BEST}) or not
   *     ({@value #WORST}); absent for ratings
   */
  record Rated(
      Instant at,
      RequestId request,
      int score,
      @Nullable ModelId model,
      @Nullable Tier tier,
      @Nullable Boolean outcome)
      implements RoutingEvent {
    /** Useless. */
    public static final int WORST = 1;

    /** Just right. */
    public static final int BEST = 5;

    /** A rating. */
    public Rated(
        Instant at, RequestId request, int score, @Nullable ModelId model, @Nullable Tier tier) {
      this(at, request, score, model, tier, null);
    }

    /** Whether this is an opinion, and not what somebody saw come of it. */
    public boolean opinion() {
      return !Boolean.TRUE.equals(outcome);
    }

    /** Refuses a score that is none. */
    public Rated {
      if (score < WORST || score > BEST) {
        throw new IllegalArgumentException("a score is 1 to 5: " + score);
      }
    }

    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.rated(this);
    }

    @Override
    public RequestId concerns() {
      return request;
    }
  }

  /**
   * All that is known of how models do here: as the router took it over from the terms before, and
   * from time to time what it has become by the events since.
   *
   * @param earlier whether it was taken over
   */
  record Learned(Instant at, LearnedFigures figures, boolean earlier) implements RoutingEvent {
    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.learned(this);
    }
  }

  /**
   * The plan had a model brought into memory or taken out; {@link NodeChanged} tells what came of
   * it.
   *
   * @param load whether it was brought in
   * @param evicts models that had to leave the memory for it
   * @param gainMs waiting of all clients together that this was expected to save in an hour
   * @param lossMs waiting that it was expected to bring to others
   * @param why in words
   */
  record Arranged(
      Instant at,
      NodeId node,
      ModelId model,
      boolean load,
      List<ModelId> evicts,
      long gainMs,
      long lossMs,
      String why)
      implements RoutingEvent {
    /** Copies the list. */
    public Arranged {
      evicts = List.copyOf(evicts);
    }

    @Override
    public <R> R accept(EventVisitor<R> visitor) {
      return visitor.arranged(this);
    }
  }
}
