package org.brokecluster.coordinator.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.decision.Board;
import org.brokecluster.coordinator.routing.decision.Decider;
import org.brokecluster.coordinator.routing.decision.Decision;
import org.brokecluster.coordinator.routing.decision.DecisionNotes;
import org.brokecluster.coordinator.routing.ledger.Ledger;
import org.brokecluster.coordinator.routing.queue.WaitingQueue;
import org.brokecluster.coordinator.routing.scorer.QualityTemperature;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.coordinator.routing.scorer.Strategy;
import org.brokecluster.coordinator.routing.state.Snapshot;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * The part of the {@link RouterCore} that places requests: decides, tickets, queues, refuses. Keeps
 * the state that belongs to it.
 */
final class Placing {
  private static final long RETRY_AFTER_MIN_MS = 1_000;
  private static final long RETRY_AFTER_MAX_MS = 60_000;

  private final long term;
  private final RouterSettings settings;
  private Strategies strategies;
  private final Decider decider;
  private final Ledger ledger = new Ledger();
  private final WaitingQueue<PlacedRequest> queue;
  private final Map<RequestId, PlacedRequest> requests = new HashMap<>();
  private final Map<String, Long> turns = new HashMap<>();
  private final Recents recents;
  private final Rests rests;
  private final Breakers breakers;
  private final long startMillis;
  private Snapshot snapshot = Snapshot.EMPTY;
  private Strategy strategy;
  private long lastUpMillis;
  private long arrivals;

  Placing(
      long term,
      RouterSettings settings,
      Strategies strategies,
      Strategy strategy,
      Decider decider,
      Moment now) {
    this.term = term;
    this.settings = settings;
    this.strategies = strategies;
    this.strategy = strategy;
    this.decider = decider;
    this.queue = new WaitingQueue<>(settings.queueSize());
    this.recents = new Recents(settings.explainSize(), settings.explainCandidates());
    this.rests = new Rests(settings.refusalBackoff().toMillis());
    this.breakers = new Breakers(settings.breaker());
    this.startMillis = now.millis();
    this.lastUpMillis = now.millis();
  }

  /**
   * Decides on an attempt that is new here, and places, queues or refuses it.
   *
   * @param before the attempt it replaces, whose place in the queue it keeps, or null
   */
  void take(
      Moment now, Submission submission, @Nullable PlacedRequest before, List<Effect> effects) {
    var asked = asked(submission.facts());
    var selection = Selection.continuing(submission.continues(), asked);
    long arrival = before == null ? ++arrivals : before.arrival();
    var request = new PlacedRequest(submission, selection, arrival, now.millis());
    if (strategyFor(submission.facts()).isEmpty()) {
      var message =
          "no such strategy: %s; known: %s"
              .formatted(submission.facts().wishes().strategy(), strategies.names());
      refuse(now, request, Refusal.UNKNOWN_STRATEGY, message, null, effects);
      return;
    }
    var ahead = AheadCount.before(request.trafficClass(), queue.inOrder());
    var decision = decide(now, request, ahead);
    if (decision instanceof Decision.Chosen chosen) {
      ticket(now, request, chosen, effects);
    } else if (decision instanceof Decision.Waiting waiting) {
      enqueue(now, request, waiting.winner().spot(), waiting.etaMs(), effects);
    } else if (decision instanceof Decision.None none) {
      if (mayWait(now, request, none)) {
        enqueue(now, request, null, settings.noNodeGrace().toMillis(), effects);
      } else {
        refuse(now, request, none.reason(), none.message(), null, effects);
      }
    }
  }

  /**
   * Gives free slots to those that wait, in their order.
   *
   * @param freed the only node that has changed, or null if anything may have
   */
  void serve(Moment now, @Nullable NodeId freed, List<Effect> effects) {
    if (queue.size() == 0) {
      return;
    }
    var ahead = new AheadCount();
    for (var request : queue.inOrder()) {
      if (freed != null && !mayUse(request, freed)) {
        ahead.add(request);
        continue;
      }
      if (!serveOne(now, request, ahead, effects)) {
        ahead.add(request);
      } else if (freed != null && isFull(freed)) {
        return;
      }
    }
  }

  /** Answers whether the request has left the queue. */
  private boolean serveOne(
      Moment now, PlacedRequest request, AheadCount ahead, List<Effect> effects) {
    var decision = decide(now, request, ahead);
    if (decision instanceof Decision.Chosen chosen) {
      queue.remove(request.request());
      ticket(now, request, chosen, effects);
      return true;
    }
    if (decision instanceof Decision.Waiting waiting) {
      request.waitsFor(waiting.winner().spot(), waiting.etaMs());
      return false;
    }
    request.waitsFor(null, settings.noNodeGrace().toMillis());
    if (decision instanceof Decision.None none && !mayWait(now, request, none)) {
      refuse(now, request, none.reason(), none.message(), null, effects);
      return true;
    }
    return false;
  }

  private Decision decide(Moment now, PlacedRequest request, Board.Ahead ahead) {
    var chosen = strategyFor(request.facts()).orElse(strategy);
    var question =
        Question.of(
            request.facts(),
            request.selection(),
            request.avoid(),
            chosen,
            turns.getOrDefault(chosen.name(), 0L),
            request.waitedMs(now.millis()),
            settings.tuning());
    var decision = decider.decide(question, board(now, ahead));
    recents.decided(request.attempt(), decision, now);
    if (!(decision instanceof Decision.None)) {
      request.hopeful();
    }
    return decision;
  }

  private @Nullable Selection asked(RequestFacts facts) {
    return Selection.of(
        facts, settings.aliases(), name -> snapshot.meant(name, settings.preferredQuantization()));
  }

  /** Decides without any consequence. */
  Decision dryRun(Moment now, RequestFacts facts) {
    var chosen = strategyFor(facts).orElse(strategy);
    var question =
        Question.of(
            facts,
            asked(facts),
            List.of(),
            chosen,
            turns.getOrDefault(chosen.name(), 0L),
            0,
            settings.tuning());
    var ahead = AheadCount.before(facts.wishes().trafficClass(), queue.inOrder());
    return decider.decide(question, board(now, ahead));
  }

  private Board board(Moment now, Board.Ahead ahead) {
    return new Board(
        snapshot,
        ledger,
        spot -> rests.rests(spot, now.millis()),
        spot -> breakers.open(spot.node(), spot.model(), now.millis()),
        ahead,
        now.millis(),
        settings.maxWaitForBetter().toMillis());
  }

  private void ticket(
      Moment now, PlacedRequest request, Decision.Chosen chosen, List<Effect> effects) {
    var winner = chosen.winner();
    var attempt = request.attempt();
    breakers.placed(winner.node(), winner.model(), now.millis());
    var open = ledger.open(attempt, winner.node(), winner.model(), now.millis(), winner.finishMs());
    var placement =
        new Placement(
            winner.model(),
            winner.node(),
            winner.tier(),
            chosen.question().strategy().name(),
            winner.temperature(),
            QualityTemperature.BASIS,
            Math.round(winner.firstTokenMs()),
            Math.round(winner.finishMs()),
            request.waitedMs(now.millis()));
    var message =
        new Effect.SendTicket(
            winner.node(),
            attempt,
            term,
            open.number(),
            request.facts().api(),
            placement,
            request.facts().promptBytes(),
            request.facts().expectedTokens(),
            request.edge());
    request.ticketed(open, message);
    requests.put(request.request(), request);
    turns.merge(chosen.question().strategy().name(), 1L, Long::sum);
    effects.add(message);
    var notes = DecisionNotes.of(chosen);
    effects.add(
        new Effect.Emit(
            new RoutingEvent.Decided(now.at(), attempt, placement, notes.best(), notes.lost())));
  }

  private void enqueue(
      Moment now, PlacedRequest request, @Nullable Spot spot, long etaMs, List<Effect> effects) {
    request.waitsFor(spot, etaMs);
    if (!queue.offer(request)) {
      long retry = Math.max(RETRY_AFTER_MIN_MS, Math.min(RETRY_AFTER_MAX_MS, etaMs));
      var message =
          "%d requests wait already; try again in about %d s"
              .formatted(queue.size(), Math.round(retry / 1000.0));
      refuse(now, request, Refusal.QUEUE_FULL, message, retry, effects);
      return;
    }
    requests.put(request.request(), request);
    int position = queue.position(request.request());
    effects.add(new Effect.Emit(new RoutingEvent.Queued(now.at(), request.attempt(), position)));
    effects.add(new Effect.ReplyQueued(request.edge(), request.attempt(), term, position, etaMs));
  }

  /** Ends a request without a place; it may stand in the queue or be new. */
  void refuse(
      Moment now,
      PlacedRequest request,
      Refusal reason,
      String message,
      @Nullable Long retryAfterMs,
      List<Effect> effects) {
    queue.remove(request.request());
    requests.remove(request.request());
    recents.refused(request.attempt(), message);
    if (!request.moving()) { // else it stays where it is
      effects.add(
          new Effect.Emit(new RoutingEvent.Refused(now.at(), request.attempt(), reason, message)));
    }
    effects.add(
        new Effect.ReplyRefused(
            request.edge(), request.attempt(), term, reason, message, retryAfterMs));
  }

  /**
   * Whether a request without a candidate waits: while a new router still hears of its nodes for
   * the first time, while no node has been missing for long, and while the reason may pass.
   */
  private boolean mayWait(Moment now, PlacedRequest request, Decision.None none) {
    long grace = settings.noNodeGrace().toMillis();
    if (now.millis() - startMillis < grace) {
      return true;
    }
    if (none.reason() == Refusal.NO_NODE) {
      return now.millis() - lastUpMillis < grace;
    }
    return none.mayPass() && request.hopelessFor(now.millis()) < grace;
  }

  private boolean mayUse(PlacedRequest request, NodeId node) {
    var pinned = request.facts().wishes().node();
    if (pinned != null && !pinned.equals(node)) {
      return false;
    }
    if (!(request.selection() instanceof Selection.Named named)) {
      return true; // also for what continues an answer: nearly always another round takes anything
    }
    return snapshot
        .node(node)
        .map(each -> each.spots().stream().anyMatch(spot -> named.models().contains(spot.model())))
        .orElse(false);
  }

  private boolean isFull(NodeId name) {
    var node = snapshot.node(name);
    if (node.isEmpty()) {
      return true;
    }
    var work = ledger.work(name);
    for (var spot : node.get().spots()) {
      if (work.inFlight(spot.model()) < spot.slots()) {
        return false;
      }
    }
    return true;
  }

  private Optional<Strategy> strategyFor(RequestFacts facts) {
    var name = facts.wishes().strategy();
    return name == null ? Optional.of(strategy) : strategies.find(name);
  }

  void snapshot(Snapshot next) {
    snapshot = next;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  /** Notes whether some node is up. */
  void noteUp(Moment now) {
    if (snapshot.hasNodeUp()) {
      lastUpMillis = now.millis();
    }
  }

  void strategy(Strategy next) {
    strategy = next;
  }

  Strategy strategy() {
    return strategy;
  }

  Strategies strategies() {
    return strategies;
  }

  /** Replaces every strategy; requests that wait are weighed by the new ones. */
  void strategies(Strategies all, Strategy inForce) {
    strategies = all;
    strategy = inForce;
  }

  Ledger ledger() {
    return ledger;
  }

  WaitingQueue<PlacedRequest> queue() {
    return queue;
  }

  Map<RequestId, PlacedRequest> requests() {
    return requests;
  }

  Recents recents() {
    return recents;
  }

  Rests rests() {
    return rests;
  }

  Breakers breakers() {
    return breakers;
  }
}
