package org.brokecluster.coordinator.routing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.brokecluster.coordinator.breaker.Breakers;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.learning.Learning;
import org.brokecluster.coordinator.routing.decision.Decider;
import org.brokecluster.coordinator.routing.decision.Explainer;
import org.brokecluster.coordinator.routing.decision.Explanation;
import org.brokecluster.coordinator.routing.ledger.OpenTicket;
import org.brokecluster.coordinator.routing.placement.PlanView;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.NodeProtocol.TicketRefusal;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.state.QueueStatus;

/**
 * The router of one term as a state machine: facts come in, effects come out. Knows no actor, clock
 * or randomness, so equal calls give equal effects, live as in a replay or a simulation. Not thread
 * safe.
 *
 * <p>A request is in one of three states here: unknown, waiting in the queue, or with its ticket
 * out. Every effect of a call is in the returned list, in the order in which it must be done.
 */
public final class RouterCore {
  private final RouterState state;
  private final Placing placing;
  private final Explainer explainer;

  /**
   * A router without nodes or requests.
   *
   * @param strategyName strategy in force; the configured one is used where it is unknown
   * @throws IllegalArgumentException if the configured strategy does not exist either
   */
  public RouterCore(
      long term, RouterSettings settings, Strategies strategies, String strategyName, Moment now) {
    var strategy = StrategyChoice.of(strategyName, settings, strategies);
    this.state = new RouterState(term, settings, strategies, strategy, now);
    var decider = new Decider(settings.tuning(), state.quality);
    this.placing = new Placing(state, decider);
    this.explainer = new Explainer(decider, state.parameters);
  }

  /** Takes an attempt, new, repeated or superseding an earlier one. */
  public List<Effect> submit(Moment now, Submission submission) {
    var effects = state.effects();
    var attempt = submission.attempt();
    var known = state.requests.get(attempt.request());
    if (known != null) {
      int order = attempt.compareTo(known.attempt());
      if (order < 0) {
        return effects;
      }
      if (order == 0) {
        known.refresh(submission, now.millis());
        repeat(known, effects);
        return effects;
      }
      if (known.attempt().number() == submission.beside()) {
        state.requests.remove(attempt.request()); // its ticket stays out until its node ends it
      } else {
        state.takeBack(known, effects);
      }
    }
    var recent = state.recents.find(attempt.request());
    var ranOn = recent == null ? null : recent.closedOn(attempt);
    if (ranOn != null) {
      effects.add(new Effect.ReplyPlaced(submission.edge(), attempt, state.term, ranOn));
    } else {
      if (recent == null) {
        effects.add(
            new Effect.Emit(
                new RoutingEvent.Received(now.at(), attempt.request(), submission.facts())));
      }
      placing.take(now, submission, state.arrival(now, attempt.request(), recent), effects);
    }
    if (known != null) {
      placing.serve(now, null, effects);
    }
    return effects;
  }

  /** Forgets a request; its ticket is taken back. */
  public List<Effect> withdraw(Moment now, RequestId request) {
    var effects = state.effects();
    var known = state.requests.get(request);
    if (known != null) {
      state.takeBack(known, effects);
      placing.serve(now, null, effects);
    }
    return effects;
  }

  /**
   * A node does not take a ticket: its request is placed again, elsewhere for a moment.
   *
   * @param ticketTerm term of the refused ticket
   * @param number number of the refused ticket
   * @param termSeen highest term the node has seen
   */
  public List<Effect> ticketRefused(
      Moment now,
      AttemptId attempt,
      long ticketTerm,
      long number,
      TicketRefusal reason,
      long termSeen) {
    var effects = state.effects();
    if (reason == TicketRefusal.STALE_TERM && termSeen > state.term) {
      effects.add(new Effect.NeedHigherTerm(termSeen));
    }
    var ticket = state.matching(attempt, ticketTerm, number);
    var request = PlacedRequest.find(state.requests, attempt);
    if (ticket == null || request == null) {
      return effects;
    }
    state.ledger.takeBack(ticket);
    state.charges.refund(attempt, state.queue.shares());
    state.rests.add(ticket.node(), ticket.model(), now.millis());
    request.ticketLost();
    state.queue.add(request);
    placing.serve(now, null, effects);
    return effects;
  }

  /** A node has begun to work on a ticket. */
  public List<Effect> attemptStarted(Moment now, AttemptId attempt, long ticketTerm, long number) {
    var effects = state.effects();
    var ticket = state.matching(attempt, ticketTerm, number);
    var request = PlacedRequest.find(state.requests, attempt);
    if (ticket != null && request != null && request.start()) {
      effects.add(new Effect.Emit(new RoutingEvent.Started(now.at(), attempt, ticket.node())));
    }
    return effects;
  }

  /** A ticket's slot is free again. */
  public List<Effect> attemptClosed(Moment now, AttemptId attempt, long ticketTerm, long number) {
    var effects = state.effects();
    var ticket = state.matching(attempt, ticketTerm, number);
    if (ticket != null) {
      state.ledger.close(ticket);
      state.room.seen(ticket.flow(), now.millis());
      PlacedRequest.forget(state.requests, attempt);
      state.recents.closed(attempt, ticket.node());
      placing.serve(now, ticket.node(), effects);
    }
    return effects;
  }

  /** How an attempt ended, as its edge saw it; a repeated report is only noted again. */
  public List<Effect> report(Moment now, AttemptReport report, EdgeAddress edge) {
    var effects = state.effects();
    if (state.recents.reported(report.attempt())) {
      effects.add(new Effect.Emit(RoutingEvent.ended(now.at(), report)));
      Judging.judge(state, now, report);
      state.charges.ended(report, state.queue.shares());
      state.prefixes.ended(report);
    }
    effects.add(new Effect.ReplyNoted(edge, report.attempt()));
    var known = state.requests.get(report.attempt().request());
    if (known != null && Judging.leavesUnwanted(report, known.attempt())) {
      // Nobody wants it any more, though the word to withdraw it, or its ticket, may be lost.
      state.takeBack(known, effects);
      placing.serve(now, null, effects);
    }
    return effects;
  }

  /** A node is new, or its facts, load or reach changed. */
  public List<Effect> nodeChanged(Moment now, NodeState node) {
    var effects = state.effects();
    var ledger = state.ledger;
    var before = state.snapshot().node(node.name()).map(each -> each.state()).orElse(null);
    if (before != null && before.incarnation() != node.incarnation()) {
      forget(ledger.drop(node.name()));
      state.breakers.forget(node.name());
      state.prefixes.forget(node.name());
      state.placement.gone(node.name(), now.millis());
      effects.add(left(now, node.name()));
    }
    state.snapshot(state.snapshot().with(node), now);
    state.snapshot().node(node.name()).ifPresent(each -> state.sees(each, now));
    NodeChanges.between(before, node, now).forEach(each -> effects.add(new Effect.Emit(each)));
    int inFlight = ledger.work(node.name()).total();
    forget(ledger.reconcile(node, state.term, now.millis()));
    boolean freed = ledger.work(node.name()).total() < inFlight;
    if (freed || NodeChanges.mayHelp(before, node)) {
      placing.serve(now, null, effects);
    }
    return effects;
  }

  /** How many members are joining as nodes and have not told of themselves yet. */
  public void arriving(int members) {
    state.arriving(members);
  }

  /** A node is no member any more; its tickets are gone, and their edges notice by themselves. */
  public List<Effect> nodeGone(Moment now, NodeId node) {
    var effects = state.effects();
    if (state.snapshot().node(node).isPresent()) {
      state.snapshot(state.snapshot().without(node), now);
      forget(state.ledger.drop(node));
      state.breakers.forget(node);
      state.prefixes.forget(node);
      state.placement.gone(node, now.millis());
      effects.add(left(now, node));
      placing.serve(now, null, effects);
    }
    return effects;
  }

  /**
   * A member is gone: requests of its edge are dropped, whether they wait or have a ticket.
   *
   * @param address cluster address as {@code host:port}
   */
  public List<Effect> memberGone(Moment now, String address) {
    var effects = state.effects();
    for (var request : List.copyOf(state.requests.values())) {
      if (request.edge().member().equals(address)) {
        state.takeBack(request, effects);
      }
    }
    placing.serve(now, null, effects);
    return effects;
  }

  /** Time passes: deadlines, patience, and places that rested. */
  public List<Effect> tick(Moment now) {
    var effects = state.effects();
    state.noteUp(now);
    state.rests.clean(now.millis());
    forget(state.ledger.overdue(now.millis()));
    for (var late : state.queue.expired(now.millis())) {
      placing.expire(now, late, effects);
    }
    placing.serve(now, null, effects);
    placing.arrange(now, effects);
    if (state.learning.wantsRecording()) {
      var figures = state.learning.figures(now.at().toEpochMilli());
      effects.add(new Effect.Emit(new RoutingEvent.Learned(now.at(), figures, false)));
    }
    return effects;
  }

  /** Changes the strategy for requests that name none; empty if there is no such strategy. */
  public Optional<List<Effect>> setStrategy(Moment now, String name) {
    return StrategyChoice.set(state, now, name);
  }

  /**
   * Takes over strategies that were read again. The one in force stays unless the configuration
   * names another than before, or has it no more.
   *
   * @param before the settings in force
   * @param next the settings that were read; only strategies and the choice among them count
   */
  public List<Effect> reconfigure(
      Moment now, RouterSettings before, RouterSettings next, Strategies strategies) {
    return StrategyChoice.readAgain(state, now, before, next, strategies);
  }

  /** Somebody said how good an answer was, or what came of it. */
  public List<Effect> rated(RoutingEvent.Rated rated) {
    var effects = state.effects();
    effects.add(new Effect.Emit(rated));
    return effects;
  }

  /** Goes on with what earlier routers learned. */
  public List<Effect> takeOver(Moment now, LearnedFigures figures) {
    var effects = state.effects();
    effects.add(new Effect.Emit(new RoutingEvent.Learned(now.at(), figures, true)));
    return effects;
  }

  /** What was learned up to now. */
  public Learning learning() {
    return state.learning;
  }

  /** Decides as if the request had come, without placing it. */
  public Explanation dryRun(Moment now, RequestFacts facts) {
    var decision = placing.dryRun(now, facts);
    return explainer.explain(decision, null, state.byPlan(decision), now.at(), state.term);
  }

  /** The last decision for a recent request. */
  public Optional<Explanation> explain(RequestId request) {
    var recent = state.recents.find(request);
    if (recent == null || recent.decision() == null || recent.decidedAt() == null) {
      return Optional.empty();
    }
    var explanation =
        explainer.explain(
            recent.decision(),
            recent.decided(),
            recent.byPlan(),
            recent.decidedAt().at(),
            state.term);
    var refusal = recent.refusal();
    return Optional.of(refusal == null ? explanation : explanation.refused(refusal));
  }

  /** What is planned of loading and unloading models, and what came of it before. */
  public PlanView plan(Moment now) {
    return state.placement.view(now.at(), now.millis());
  }

  /** This router's term. */
  public long term() {
    return state.term;
  }

  /** Name of the strategy in force. */
  public String strategy() {
    return state.strategy().name();
  }

  /** Every strategy that can be chosen. */
  public List<String> strategies() {
    return state.strategies().names();
  }

  /** Requests that wait, by what they asked for. */
  public Map<String, Integer> queuedByModel() {
    var counts = new TreeMap<String, Integer>();
    state.queue.inOrder().forEach(each -> counts.merge(each.facts().model(), 1, Integer::sum));
    return counts;
  }

  /** How full the router is. */
  public QueueStatus queueStatus(Moment now) {
    return QueueView.of(state, now);
  }

  /** Tickets that are out, by node. */
  public Map<NodeId, Integer> ticketsByNode() {
    return state.ledger.openByNode();
  }

  /** Places that have failed and not worked since. */
  public List<Breakers.Place> failedPlaces() {
    return state.breakers.places();
  }

  /** Requests that wait. */
  public int queued() {
    return state.queue.size();
  }

  /** Tickets that are out. */
  public int ticketed() {
    return state.ledger.size();
  }

  /** The last word on a repeated submission: the same again. */
  private void repeat(PlacedRequest request, List<Effect> effects) {
    var sent = request.sentTo(request.edge());
    if (sent != null) {
      effects.add(sent);
      effects.add(
          new Effect.ReplyPlaced(request.edge(), request.attempt(), state.term, sent.node()));
    } else {
      int position = state.queue.position(request.request());
      effects.add(
          new Effect.ReplyQueued(
              request.edge(),
              request.attempt(),
              state.term,
              position,
              state.learning.waitMs(request.etaMs())));
    }
  }

  private void forget(List<OpenTicket> gone) {
    gone.forEach(ticket -> PlacedRequest.forget(state.requests, ticket.attempt()));
  }

  private static Effect left(Moment now, NodeId node) {
    return new Effect.Emit(new RoutingEvent.NodeChanged(now.at(), node, "left", null));
  }
}
