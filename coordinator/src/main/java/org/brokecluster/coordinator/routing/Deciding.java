package org.brokecluster.coordinator.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.brokecluster.coordinator.history.learning.Knowledge;
import org.brokecluster.coordinator.routing.ask.Patience;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.decision.Board;
import org.brokecluster.coordinator.routing.decision.Decider;
import org.brokecluster.coordinator.routing.decision.Decision;
import org.brokecluster.coordinator.routing.decision.Exploration;
import org.brokecluster.coordinator.routing.room.RoomGate;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.TrafficClass;
import org.jspecify.annotations.Nullable;

/** Puts the {@link Decider} the questions of a {@link RouterCore}, on the board of the moment. */
final class Deciding {
  private final RouterState state;
  private final Decider decider;
  private final Gathering gathering;
  private final Exploration exploration;
  private Map<NodeId, ModelId> kept = Map.of();
  private Map<NodeId, Integer> waiting = Map.of();
  private boolean heldBack;

  Deciding(RouterState state, Decider decider, Gathering gathering) {
    this.state = state;
    this.decider = decider;
    this.gathering = gathering;
    this.exploration = new Exploration(state.settings.learned().exploration());
  }

  /** Looks at the queue before one or several decisions. */
  void look(Moment now) {
    kept = gathering.kept(state.queue.inArrival(), now.millis());
    waiting = new HashMap<>();
    for (var request : state.queue.inArrival()) {
      var awaited = request.awaited();
      if (awaited != null) {
        waiting.merge(awaited.node(), 1, Integer::sum);
      }
    }
  }

  /** Decides on a request, which may stand in the queue; what is decided can be explained later. */
  Decision decide(Moment now, PlacedRequest request, Board.Ahead ahead) {
    return decide(now, request, ahead, patience(now, request));
  }

  /** The same for a request that cannot wait. */
  Decision decideAtOnce(Moment now, PlacedRequest request, Board.Ahead ahead) {
    return decide(now, request, ahead, patience(now, request).atOnce());
  }

  private static Patience patience(Moment now, PlacedRequest request) {
    long leftMs = Math.max(0, request.deadlineMillis() - now.millis());
    return new Patience(request.waitedMs(now.millis()), leftMs, true);
  }

  private Decision decide(Moment now, PlacedRequest request, Board.Ahead ahead, Patience patience) {
    var strategy = state.strategyFor(request.facts()).orElse(state.strategy());
    var question =
        Question.of(
                request.facts(),
                request.selection(),
                request.avoid(),
                strategy,
                state.turn(strategy),
                patience,
                state.settings.tuning())
            .knowing(knowledge(now, request));
    var gate = gate(now, request);
    var decision = decider.decide(question, board(now, request, ahead, gate));
    if (decision instanceof Decision.Chosen chosen && !request.moving()) {
      decision = exploration.instead(chosen, request.attempt(), request.hurries());
    }
    heldBack |= gate.heldBack();
    state.recents.decided(request.attempt(), decision, state.byPlan(decision), now);
    if (!(decision instanceof Decision.None)) {
      request.hopeful();
    }
    return decision;
  }

  private Knowledge knowledge(Moment now, PlacedRequest request) {
    return state.learning.about(request.facts(), now.at().toEpochMilli());
  }

  /** Decides without any consequence. */
  Decision dryRun(Moment now, PlacedRequest asIf) {
    var facts = asIf.facts();
    var strategy = state.strategyFor(facts).orElse(state.strategy());
    var question =
        Question.of(
                facts,
                asIf.selection(),
                List.of(),
                strategy,
                state.turn(strategy),
                Patience.FRESH,
                state.settings.tuning())
            .knowing(knowledge(now, asIf));
    var ahead = AheadCount.of(state.queue.before(asIf));
    return decider.decide(question, board(now, asIf, ahead, gate(now, asIf)));
  }

  /** Whether a request could not have a slot that was free, since this was asked last. */
  boolean takeHeldBack() {
    boolean held = heldBack;
    heldBack = false;
    return held;
  }

  private RoomGate gate(Moment now, PlacedRequest request) {
    var keptForOthers = kept;
    var own = request.awaited();
    if (own != null && own.model().equals(kept.get(own.node()))) {
      keptForOthers = new HashMap<>(kept);
      keptForOthers.remove(own.node());
    }
    return state.room.gate(
        request.flow(),
        state.ledger,
        keptForOthers,
        crowd(request),
        isOld(now, request),
        now.millis());
  }

  private boolean isOld(Moment now, PlacedRequest request) {
    var ageing = state.settings.queue().ageing(request.flow().trafficClass());
    return now.millis() - request.sinceMillis() >= ageing.toMillis();
  }

  /** Whether as many others wait for a spot as may. */
  private Predicate<Spot> crowd(PlacedRequest request) {
    var bounds = state.settings.queue();
    if (state.queue.size() < Math.min(bounds.perNode(), bounds.perModel())) {
      return spot -> false;
    }
    var nodes = new HashMap<NodeId, Integer>();
    var models = new HashMap<ModelId, Integer>();
    for (var other : state.queue.inArrival()) {
      var awaited = other.awaited();
      if (awaited != null && !other.request().equals(request.request())) {
        nodes.merge(awaited.node(), 1, Integer::sum);
        models.merge(awaited.model(), 1, Integer::sum);
      }
    }
    var own = request.awaited();
    return spot ->
        !isSame(own, spot)
            && (nodes.getOrDefault(spot.node(), 0) >= bounds.perNode()
                || models.getOrDefault(spot.model(), 0) >= bounds.perModel());
  }

  private static boolean isSame(@Nullable Spot own, Spot spot) {
    return own != null && own.node().equals(spot.node()) && own.model().equals(spot.model());
  }

  /** The queue before a request, and who else waits for each node. */
  private Board.Ahead besides(PlacedRequest request, Board.Ahead ahead) {
    var own = state.queue.contains(request.request()) ? request.awaited() : null;
    return new Board.Ahead() {
      @Override
      public int of(Spot spot) {
        return ahead.of(spot);
      }

      @Override
      public int waiting(NodeId node) {
        if (waiting.isEmpty()) {
          return 0;
        }
        int all = waiting.getOrDefault(node, 0);
        return own != null && own.node().equals(node) ? Math.max(0, all - 1) : all;
      }
    };
  }

  private Board board(Moment now, PlacedRequest request, Board.Ahead ahead, Board.Gate gate) {
    return new Board(
        state.snapshot(),
        state.ledger,
        spot -> state.rests.rests(spot, now.millis()),
        spot -> state.breakers.open(spot.node(), spot.model(), now.wallMillis()),
        besides(request, ahead),
        state.prefixes.match(request.facts()),
        model -> state.demand.perSecond(model, now.millis()),
        gate,
        now.millis(),
        state.settings.maxWaitForBetter().toMillis(),
        patienceUnwatchedMs());
  }

  /** Nobody lets a place go once its turn as the oldest may have come: others would pass by. */
  private long patienceUnwatchedMs() {
    var ageing = state.settings.queue().ageing(TrafficClass.AGENT);
    return Math.max(state.settings.maxWaitForBetter().toMillis(), ageing.toMillis());
  }
}
