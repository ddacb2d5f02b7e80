package org.brokecluster.coordinator.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokecluster.coordinator.breaker.Breakers;
import org.brokecluster.coordinator.history.event.ByPlan;
import org.brokecluster.coordinator.history.learning.Learning;
import org.brokecluster.coordinator.routing.decision.Decision;
import org.brokecluster.coordinator.routing.demand.Demand;
import org.brokecluster.coordinator.routing.ledger.Ledger;
import org.brokecluster.coordinator.routing.ledger.OpenTicket;
import org.brokecluster.coordinator.routing.parameters.ParameterTable;
import org.brokecluster.coordinator.routing.placement.Placement;
import org.brokecluster.coordinator.routing.prefix.PrefixIndex;
import org.brokecluster.coordinator.routing.quality.QualityPrediction;
import org.brokecluster.coordinator.routing.quality.SkillQuality;
import org.brokecluster.coordinator.routing.quality.TierQuality;
import org.brokecluster.coordinator.routing.queue.WaitingQueue;
import org.brokecluster.coordinator.routing.retry.RetryBudget;
import org.brokecluster.coordinator.routing.room.Room;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.coordinator.routing.scorer.Strategy;
import org.brokecluster.coordinator.routing.state.NodeSpots;
import org.brokecluster.coordinator.routing.state.Snapshot;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/** All that a {@link RouterCore} knows. Not thread safe. */
final class RouterState {
  final long term;
  final RouterSettings settings;
  final QualityPrediction quality;
  final Ledger ledger = new Ledger();
  final WaitingQueue<PlacedRequest> queue;
  final Map<RequestId, PlacedRequest> requests = new HashMap<>();
  final Recents recents;
  final Rests rests;
  final Breakers breakers;
  final PrefixIndex prefixes;
  final Demand demand;
  final Placement placement;
  final Room room;
  final Charges charges;
  final RetryBudget retries;
  final Learning learning;
  final ParameterTable parameters;

  private final Map<String, Long> turns = new HashMap<>();
  private Strategies strategies;
  private Strategy strategy;
  private Snapshot snapshot = Snapshot.EMPTY;
  private long lastUpMillis;
  private long lastNewMillis;
  private int arriving;
  private long arrivals;

  RouterState(
      long term, RouterSettings settings, Strategies strategies, Strategy strategy, Moment now) {
    this.term = term;
    this.settings = settings;
    this.quality = SkillQuality.bundled(new TierQuality(settings.tuning()));
    this.strategies = strategies;
    this.strategy = strategy;
    this.queue = new WaitingQueue<>(settings.queue());
    this.recents = new Recents(settings.explainSize(), settings.explainCandidates());
    this.rests = new Rests(settings.refusalBackoff().toMillis());
    this.breakers = new Breakers(settings.breaker().limits());
    this.prefixes = new PrefixIndex(settings.prefix());
    this.demand = new Demand(settings.demand());
    this.placement =
        new Placement(settings.placement(), settings.tuning().streamSlowdown(), now.millis());
    this.room = new Room(settings.room());
    this.charges = new Charges(settings.explainSize());
    this.retries = new RetryBudget(settings.retries(), now.millis());
    this.parameters = new ParameterTable(settings.parameters(), settings.tuning().balancedFrom());
    this.learning = settings.learned().learning();
    this.lastUpMillis = now.millis();
    this.lastNewMillis = now.millis();
  }

  /** An empty list of effects; what is emitted by way of it is learned from at once. */
  List<Effect> effects() {
    return new Effects(learning);
  }

  /**
   * When a request came first: now, unless that is remembered.
   *
   * @param recent what is remembered of it, or null
   */
  PlacedRequest.Arrival arrival(Moment now, RequestId request, Recents.@Nullable Recent recent) {
    var first = recent == null ? null : recent.arrived();
    if (first == null) {
      first = new PlacedRequest.Arrival(++arrivals, now.millis());
      recents.arrived(request, first);
    }
    return first;
  }

  /** The strategy a request names, or the one in force; empty if there is none of that name. */
  Optional<Strategy> strategyFor(RequestFacts facts) {
    var name = facts.wishes().strategy();
    return name == null ? Optional.of(strategy) : strategies.find(name);
  }

  /** Takes a request away from the queue, or from the node that has its ticket. */
  void takeBack(PlacedRequest request, List<Effect> effects) {
    requests.remove(request.request());
    queue.remove(request.request());
    var ticket = request.ticket();
    if (ticket != null) {
      ledger.takeBack(ticket);
      effects.add(new Effect.SendCancel(ticket.node(), request.attempt()));
    }
  }

  /** The ticket of an attempt, if it is this one; else null. */
  @Nullable OpenTicket matching(AttemptId attempt, long ticketTerm, long number) {
    var ticket = ledger.find(attempt);
    boolean same = ticket != null && ticketTerm == term && ticket.number() == number;
    return same ? ticket : null;
  }

  /** Decisions that a strategy has made. */
  long turn(Strategy of) {
    return turns.getOrDefault(of.name(), 0L);
  }

  /** A strategy has made one more. */
  void nextTurn(Strategy of) {
    turns.merge(of.name(), 1L, Long::sum);
  }

  Strategies strategies() {
    return strategies;
  }

  Strategy strategy() {
    return strategy;
  }

  void strategy(Strategy next) {
    strategy = next;
  }

  /** Replaces every strategy; requests that wait are weighed by the new ones. */
  void strategies(Strategies all, Strategy inForce) {
    strategies = all;
    strategy = inForce;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  /** The nodes have changed. */
  void snapshot(Snapshot next, Moment now) {
    noteUp(now);
    if (next.nodes().size() > snapshot.nodes().size()) {
      lastNewMillis = now.millis();
    }
    snapshot = next;
    room.sees(next);
    noteUp(now);
  }

  /** A node as it is in the snapshot. */
  void sees(NodeSpots node, Moment now) {
    prefixes.sees(node);
    placement.sees(node, now.millis());
  }

  /** The plan's part in a decision; null where it had none. */
  @Nullable ByPlan byPlan(Decision decision) {
    var best = decision.best();
    return best == null ? null : placement.broughtBy(best.node(), best.model());
  }

  /** Notes whether some node is up. */
  void noteUp(Moment now) {
    if (snapshot.hasNodeUp()) {
      lastUpMillis = now.millis();
    }
  }

  /** How many members are about to be nodes but have not told of themselves yet. */
  void arriving(int members) {
    arriving = members;
  }

  /** Whether a member is about to be a node of use. */
  boolean nodesArrive() {
    return arriving > 0;
  }

  /**
   * Whether nodes have come so lately, or the router is so new, that others may be on their way.
   */
  boolean young(Moment now, long graceMs) {
    return now.millis() - lastNewMillis < graceMs;
  }

  /** Whether some node was up until a moment ago. */
  boolean lostNodesJustNow(Moment now, long graceMs) {
    return now.millis() - lastUpMillis < graceMs;
  }
}
