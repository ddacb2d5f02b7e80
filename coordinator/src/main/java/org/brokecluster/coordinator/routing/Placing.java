package org.brokecluster.coordinator.routing;

import java.util.List;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.decision.Board;
import org.brokecluster.coordinator.routing.decision.Candidate;
import org.brokecluster.coordinator.routing.decision.Decider;
import org.brokecluster.coordinator.routing.decision.Decision;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.coordinator.routing.placement.Move;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/** The part of the {@link RouterCore} that places requests: tickets, queues, refuses. */
final class Placing {
  private static final String NOWHERE = "dry-run";
  private static final AttemptId DRY_RUN = new AttemptId(RequestId.of(NOWHERE), 1);

  private final RouterState state;
  private final Gathering gathering;
  private final Deciding deciding;
  private final Outcomes outcomes;

  Placing(RouterState state, Decider decider) {
    this.state = state;
    this.gathering = new Gathering(state.settings.queue());
    this.deciding = new Deciding(state, decider, gathering);
    this.outcomes = new Outcomes(state);
  }

  /** Decides on an attempt that is new here, and places, queues or refuses it. */
  void take(
      Moment now, Submission submission, PlacedRequest.Arrival arrived, List<Effect> effects) {
    var request = request(now, submission, arrived);
    if (state.strategyFor(request.facts()).isEmpty()) {
      var message =
          "no such strategy: %s; known: %s, and balanced:0 to balanced:1"
              .formatted(request.facts().wishes().strategy(), state.strategies().names());
      outcomes.refuse(now, request, Refusal.UNKNOWN_STRATEGY, message, null, effects);
      return;
    }
    state.room.seen(request.flow(), now.millis());
    if (!affordable(now, submission)) {
      var message = "too many requests are being tried again; this one is not";
      outcomes.refuse(now, request, Refusal.RETRY_BUDGET, message, state.retries.nextMs(), effects);
      return;
    }
    deciding.look(now);
    var ahead = AheadCount.of(state.queue.before(request));
    var decision = deciding.decide(now, request, ahead);
    if (decision instanceof Decision.Waiting waiting
        && !outcomes.mayStand(now, request, waiting.winner().waitMs())) {
      decision = deciding.decideAtOnce(now, request, ahead);
    }
    if (decision instanceof Decision.Chosen chosen && mayGo(now, request, chosen.winner())) {
      outcomes.ticket(now, request, chosen, false, false, effects);
    } else if (decision instanceof Decision.None none) {
      if (mayWait(now, request, none)) {
        request.waitsForAny(state.settings.noNodeGrace().toMillis());
        outcomes.enqueue(now, request, effects);
      } else {
        refuse(now, request, none, effects);
      }
    } else {
      waits(now, request, decision);
      outcomes.enqueue(now, request, effects);
    }
  }

  private PlacedRequest request(Moment now, Submission given, PlacedRequest.Arrival arrived) {
    var submission = given.with(state.settings.roles().applied(given.facts()));
    var quantization = state.settings.preferredQuantization();
    var asked =
        Selection.of(
            submission.facts(),
            state.settings.aliases(),
            state.settings.fallbacks(),
            name -> state.snapshot().meant(name, quantization));
    var selection = Selection.continuing(submission.continues(), asked);
    return new PlacedRequest(submission, selection, arrived, now.millis());
  }

  /** Whether an attempt is the first one, or a retry that the budget allows. */
  private boolean affordable(Moment now, Submission submission) {
    if (submission.attempt().number() == 1) {
      state.retries.earn(now.millis());
      return true;
    }
    var tried = submission.avoid();
    boolean leaves = tried.stream().allMatch(each -> each.why() == Kind.NODE_STOPPING);
    if (submission.beside() > 0 && leaves) {
      return true; // nothing has failed
    }
    boolean lost = !tried.isEmpty() && tried.stream().allMatch(each -> each.why().wholeNode());
    return state.retries.spend(now.millis(), lost || submission.continues() != null);
  }

  /**
   * Gives free slots to those that wait: when it is the turn of the oldest to the first of them
   * that can take one, else in the order of the queue.
   *
   * @param freed the only node that has changed, or null if anything may have
   */
  void serve(Moment now, @Nullable NodeId freed, List<Effect> effects) {
    if (state.queue.size() == 0) {
      return;
    }
    var only = deciding.takeHeldBack() ? null : freed;
    deciding.look(now);
    if (state.queue.isOldestsTurn(now.millis())) {
      serveOldest(now, only, effects);
    }
    var ahead = new AheadCount();
    for (var request : state.queue.inOrder()) {
      if (!state.queue.contains(request.request())) {
        continue;
      }
      if (only != null && !mayUse(request, only)) {
        ahead.add(request);
        continue;
      }
      if (!serveOne(now, request, ahead, false, effects)) {
        ahead.add(request);
      } else if (only != null && isFull(only)) {
        return;
      }
    }
  }

  private void serveOldest(Moment now, @Nullable NodeId only, List<Effect> effects) {
    for (var request : state.queue.old(now.millis())) {
      boolean may = only == null || mayUse(request, only);
      if (may && serveOne(now, request, AheadCount.NOBODY, true, effects)) {
        return;
      }
    }
  }

  /** Answers whether the request has left the queue. */
  private boolean serveOne(
      Moment now,
      PlacedRequest request,
      Board.Ahead ahead,
      boolean asOldest,
      List<Effect> effects) {
    var decision = deciding.decide(now, request, ahead);
    if (decision instanceof Decision.Chosen chosen && mayGo(now, request, chosen.winner())) {
      state.queue.remove(request.request());
      outcomes.ticket(now, request, chosen, true, asOldest, effects);
      return true;
    }
    if (decision instanceof Decision.None none) {
      request.waitsForAny(state.settings.noNodeGrace().toMillis());
      if (!mayWait(now, request, none)) {
        refuse(now, request, none, effects);
        return true;
      }
      return false;
    }
    waits(now, request, decision);
    return false;
  }

  /** Whether a request may take a free place, rather than be overtaken by those of other models. */
  private boolean mayGo(Moment now, PlacedRequest request, Candidate place) {
    var node = state.snapshot().node(place.node()).orElseThrow();
    return !Gathering.evicts(node, place.model())
        || !gathering.patient(request, now.millis())
        || !Gathering.othersWait(node, place.model(), state.queue.inArrival());
  }

  private void waits(Moment now, PlacedRequest request, Decision decision) {
    var place = decision.best();
    if (place == null) {
      return;
    }
    boolean wantsRoom =
        state
            .snapshot()
            .node(place.node())
            .map(node -> Gathering.evicts(node, place.model()))
            .orElse(false);
    request.waitsFor(place, wantsRoom, now.millis());
  }

  /** Decides as if the request had come, without any consequence. */
  Decision dryRun(Moment now, RequestFacts facts) {
    var asIf = new Submission(DRY_RUN, facts, Long.MAX_VALUE / 2, List.of(), null, () -> NOWHERE);
    var arrived = new PlacedRequest.Arrival(Long.MAX_VALUE, now.millis());
    deciding.look(now);
    return deciding.dryRun(now, request(now, asIf, arrived));
  }

  /** Has models loaded or unloaded, if the plan is to be carried out and it is time for it. */
  void arrange(Moment now, List<Effect> effects) {
    var moves =
        state.placement.tick(state.snapshot(), state.demand, state.ledger, now.at(), now.millis());
    for (var move : moves) {
      boolean load = move.kind() == Move.Kind.LOAD;
      effects.add(new Effect.OrderModel(move.node(), move.model(), load, state.placement.keep()));
      effects.add(
          new Effect.Emit(
              new RoutingEvent.Arranged(
                  now.at(),
                  move.node(),
                  move.model(),
                  load,
                  move.evicts(),
                  Math.round(1000 * move.gainSeconds()),
                  Math.round(1000 * move.lossSeconds()),
                  move.why())));
    }
  }

  /** A request's time in the queue is over. */
  void expire(Moment now, PlacedRequest late, List<Effect> effects) {
    var message =
        "no slot that could answer in time came free within %.1f s"
            .formatted(late.waitedMs(now.millis()) / 1000.0);
    long retry = Math.max(Drain.MIN_MS, Math.min(Drain.MAX_MS, late.etaMs()));
    outcomes.refuse(now, late, Refusal.DEADLINE, message, retry, effects);
  }

  private void refuse(Moment now, PlacedRequest request, Decision.None none, List<Effect> effects) {
    outcomes.refuse(now, request, none.reason(), none.message(), retryAfterMs(now, none), effects);
  }

  private @Nullable Long retryAfterMs(Moment now, Decision.None none) {
    return switch (none.reason()) {
      case QUEUE_FULL ->
          outcomes.retryAfterMs(now, spot -> isCandidate(none, spot, Verdict.CROWDED), 0);
      case NO_CANDIDATE_LEFT -> {
        long soonest = Long.MAX_VALUE;
        for (var candidate : none.candidates()) {
          if (candidate.verdict() == Verdict.REFUSED_LATELY) {
            soonest = Math.min(soonest, state.rests.leftMs(candidate.spot(), now.millis()));
          }
        }
        yield soonest == Long.MAX_VALUE ? null : Long.valueOf(Math.max(Drain.MIN_MS, soonest));
      }
      case NO_NODE,
          MODEL_NOT_FOUND,
          NODE_NOT_FOUND,
          NOT_CAPABLE,
          CONTEXT_TOO_LONG,
          UNKNOWN_STRATEGY,
          DEADLINE,
          RETRY_BUDGET ->
          null;
    };
  }

  private static boolean isCandidate(Decision.None none, Spot spot, Verdict verdict) {
    return none.candidates().stream()
        .anyMatch(
            each ->
                each.verdict() == verdict
                    && each.node().equals(spot.node())
                    && each.model().equals(spot.model()));
  }

  /**
   * Whether a request without a candidate waits: while nodes are coming in, as they do after a
   * start and after a router was lost with its machine, while no node has been missing for long,
   * and while the reason may pass.
   */
  private boolean mayWait(Moment now, PlacedRequest request, Decision.None none) {
    long grace = state.settings.noNodeGrace().toMillis();
    if (none.reason() == Refusal.QUEUE_FULL) {
      return state.queue.contains(request.request());
    }
    if (state.young(now, grace)) {
      return true;
    }
    long hopelessMs = request.hopelessFor(now.millis());
    if (state.nodesArrive() && hopelessMs < state.settings.joinGrace().toMillis()) {
      return true;
    }
    if (none.reason() == Refusal.NO_NODE) {
      return state.lostNodesJustNow(now, grace);
    }
    return none.mayPass() && hopelessMs < grace;
  }

  private boolean mayUse(PlacedRequest request, NodeId node) {
    var pinned = request.facts().wishes().node();
    if (pinned != null && !pinned.equals(node)) {
      return false;
    }
    if (!(request.selection() instanceof Selection.Named named)) {
      return true; // also for what continues an answer: nearly always another round takes anything
    }
    return state
        .snapshot()
        .node(node)
        .map(each -> each.spots().stream().anyMatch(spot -> named.models().contains(spot.model())))
        .orElse(false);
  }

  private boolean isFull(NodeId name) {
    var node = state.snapshot().node(name);
    if (node.isEmpty()) {
      return true;
    }
    var work = state.ledger.work(name);
    if (work.total() >= state.room.limit(node.get())) {
      return true;
    }
    for (var spot : node.get().spots()) {
      if (work.inFlight(spot.model()) < spot.slots()) {
        return false;
      }
    }
    return true;
  }
}
