package org.brokecluster.coordinator.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.decision.Decider;
import org.brokecluster.coordinator.routing.decision.Explainer;
import org.brokecluster.coordinator.routing.decision.Explanation;
import org.brokecluster.coordinator.routing.ledger.OpenTicket;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.coordinator.routing.scorer.Strategy;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.NodeProtocol.TicketRefusal;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * The router of one term as a state machine: facts come in, effects come out. Knows no actor, clock
 * or randomness, so equal calls give equal effects, live as in a replay or a simulation. Not thread
 * safe.
 *
 * <p>A request is in one of three states here: unknown, waiting in the queue, or with its ticket
 * out. Every effect of a call is in the returned list, in the order in which it must be done.
 */
public final class RouterCore {
  private final long term;
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
    this.term = term;
    var decider = new Decider(settings.tuning());
    var strategy = strategyOf(strategyName, settings, strategies);
    this.placing = new Placing(term, settings, strategies, strategy, decider, now);
    this.explainer = new Explainer(decider);
  }

  private static Strategy strategyOf(String name, RouterSettings settings, Strategies strategies) {
    return strategies
        .find(name)
        .or(() -> strategies.find(settings.strategy()))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown strategy: %s, known: %s"
                        .formatted(settings.strategy(), strategies.names())));
  }

  /** Takes an attempt, new, repeated or superseding an earlier one. */
  public List<Effect> submit(Moment now, Submission submission) {
    var effects = new ArrayList<Effect>();
    var attempt = submission.attempt();
    var known = placing.requests().get(attempt.request());
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
        placing.requests().remove(attempt.request()); // its ticket stays out until its node ends it
      } else {
        takeBack(known, effects);
      }
    }
    var recent = placing.recents().find(attempt.request());
    var ranOn = recent == null ? null : recent.closedOn(attempt);
    if (ranOn != null) {
      effects.add(new Effect.ReplyPlaced(submission.edge(), attempt, term, ranOn));
    } else {
      if (recent == null) {
        effects.add(
            new Effect.Emit(
                new RoutingEvent.Received(now.at(), attempt.request(), submission.facts())));
      }
      placing.take(now, submission, known, effects);
    }
    if (known != null) {
      placing.serve(now, null, effects);
    }
    return effects;
  }

  /** Forgets a request; its ticket is taken back. */
  public List<Effect> withdraw(Moment now, RequestId request) {
    var effects = new ArrayList<Effect>();
    var known = placing.requests().get(request);
    if (known != null) {
      takeBack(known, effects);
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
    var effects = new ArrayList<Effect>();
    if (reason == TicketRefusal.STALE_TERM && termSeen > term) {
      effects.add(new Effect.NeedHigherTerm(termSeen));
    }
    var ticket = matching(attempt, ticketTerm, number);
    var request = PlacedRequest.find(placing.requests(), attempt);
    if (ticket == null || request == null) {
      return effects;
    }
    placing.ledger().takeBack(ticket);
    placing.rests().add(ticket.node(), ticket.model(), now.millis());
    request.ticketLost();
    placing.queue().putBack(request);
    placing.serve(now, null, effects);
    return effects;
  }

  /** A node has begun to work on a ticket. */
  public List<Effect> attemptStarted(Moment now, AttemptId attempt, long ticketTerm, long number) {
    var effects = new ArrayList<Effect>();
    var ticket = matching(attempt, ticketTerm, number);
    var request = PlacedRequest.find(placing.requests(), attempt);
    if (ticket != null && request != null && request.start()) {
      effects.add(new Effect.Emit(new RoutingEvent.Started(now.at(), attempt, ticket.node())));
    }
    return effects;
  }

  /** A ticket's slot is free again. */
  public List<Effect> attemptClosed(Moment now, AttemptId attempt, long ticketTerm, long number) {
    var effects = new ArrayList<Effect>();
    var ticket = matching(attempt, ticketTerm, number);
    if (ticket != null) {
      placing.ledger().close(ticket);
      PlacedRequest.forget(placing.requests(), attempt);
      placing.recents().closed(attempt, ticket.node());
      placing.serve(now, ticket.node(), effects);
    }
    return effects;
  }

  /** How an attempt ended, as its edge saw it; a repeated report is only noted again. */
  public List<Effect> report(Moment now, AttemptReport report, EdgeAddress edge) {
    var effects = new ArrayList<Effect>();
    if (placing.recents().reported(report.attempt())) {
      effects.add(new Effect.Emit(event(now, report)));
      judge(now, report);
    }
    effects.add(new Effect.ReplyNoted(edge, report.attempt()));
    var known = placing.requests().get(report.attempt().request());
    boolean over = report.last() && report.outcome() != AttemptOutcome.COMPLETED;
    if (known != null && over && known.attempt().compareTo(report.attempt()) <= 0) {
      // Nobody wants it any more, though the word to withdraw it, or its ticket, may be lost.
      takeBack(known, effects);
      placing.serve(now, null, effects);
    }
    return effects;
  }

  private void judge(Moment now, AttemptReport report) {
    var node = report.node();
    var model = report.model();
    if (node == null || model == null) {
      return;
    }
    if (report.retryAfterMs() != null) {
      placing.rests().asked(node, model, now.millis(), report.retryAfterMs());
    }
    if (report.outcome() == AttemptOutcome.COMPLETED) {
      placing.breakers().worked(node, model);
    } else if (report.failure() != null && report.failure().blamesNode()) {
      placing.breakers().failed(node, model, now.millis());
    }
  }

  /** A node is new, or its facts, load or reach changed. */
  public List<Effect> nodeChanged(Moment now, NodeState state) {
    var effects = new ArrayList<Effect>();
    var ledger = placing.ledger();
    var before = placing.snapshot().node(state.name()).map(node -> node.state()).orElse(null);
    if (before != null && before.incarnation() != state.incarnation()) {
      forget(ledger.drop(state.name()));
      placing.breakers().forget(state.name());
      effects.add(left(now, state.name()));
    }
    placing.noteUp(now);
    placing.snapshot(placing.snapshot().with(state));
    placing.noteUp(now);
    NodeChanges.between(before, state, now).forEach(each -> effects.add(new Effect.Emit(each)));
    int inFlight = ledger.work(state.name()).total();
    var gone = ledger.reconcile(state, term, now.millis());
    forget(gone);
    boolean freed = ledger.work(state.name()).total() < inFlight;
    if (freed || NodeChanges.mayHelp(before, state)) {
      placing.serve(now, null, effects);
    }
    return effects;
  }

  /** A node is no member any more; its tickets are gone, and their edges notice by themselves. */
  public List<Effect> nodeGone(Moment now, NodeId node) {
    var effects = new ArrayList<Effect>();
    if (placing.snapshot().node(node).isPresent()) {
      placing.noteUp(now);
      placing.snapshot(placing.snapshot().without(node));
      forget(placing.ledger().drop(node));
      placing.breakers().forget(node);
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
    var effects = new ArrayList<Effect>();
    for (var request : List.copyOf(placing.requests().values())) {
      if (request.edge().member().equals(address)) {
        takeBack(request, effects);
      }
    }
    placing.serve(now, null, effects);
    return effects;
  }

  /** Time passes: deadlines, patience, and places that rested. */
  public List<Effect> tick(Moment now) {
    var effects = new ArrayList<Effect>();
    placing.noteUp(now);
    placing.rests().clean(now.millis());
    forget(placing.ledger().overdue(now.millis()));
    for (var late : placing.queue().expired(now.millis())) {
      var message =
          "no slot came free within %.1f s".formatted(late.waitedMs(now.millis()) / 1000.0);
      placing.refuse(now, late, Refusal.DEADLINE, message, null, effects);
    }
    placing.serve(now, null, effects);
    return effects;
  }

  /** Changes the strategy for requests that name none; empty if there is no such strategy. */
  public Optional<List<Effect>> setStrategy(Moment now, String name) {
    var found = placing.strategies().find(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    boolean changed = !name.equals(placing.strategy().name());
    placing.strategy(found.get());
    return Optional.of(
        changed
            ? List.of(new Effect.Emit(new RoutingEvent.StrategyChanged(now.at(), name)))
            : List.of());
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
    var wanted = next.strategy().equals(before.strategy()) ? strategy() : next.strategy();
    placing.strategies(strategies, strategyOf(wanted, next, strategies));
    var weights = new TreeMap<String, Map<String, Double>>();
    next.strategies().forEach((name, each) -> weights.put(name, each.byName()));
    return List.of(
        new Effect.Emit(new RoutingEvent.StrategyChanged(now.at(), strategy(), weights)));
  }

  /** Decides as if the request had come, without placing it. */
  public Explanation dryRun(Moment now, RequestFacts facts) {
    return explainer.explain(placing.dryRun(now, facts), null, now.at(), term);
  }

  /** The last decision for a recent request. */
  public Optional<Explanation> explain(RequestId request) {
    var recent = placing.recents().find(request);
    if (recent == null || recent.decision() == null || recent.decidedAt() == null) {
      return Optional.empty();
    }
    var explanation =
        explainer.explain(recent.decision(), recent.decided(), recent.decidedAt().at(), term);
    var refusal = recent.refusal();
    return Optional.of(refusal == null ? explanation : explanation.refused(refusal));
  }

  /** This router's term. */
  public long term() {
    return term;
  }

  /** Name of the strategy in force. */
  public String strategy() {
    return placing.strategy().name();
  }

  /** Every strategy that can be chosen. */
  public List<String> strategies() {
    return placing.strategies().names();
  }

  /** Requests that wait, by what they asked for. */
  public Map<String, Integer> queuedByModel() {
    var counts = new TreeMap<String, Integer>();
    placing.queue().inOrder().forEach(each -> counts.merge(each.facts().model(), 1, Integer::sum));
    return counts;
  }

  /** Tickets that are out, by node. */
  public Map<NodeId, Integer> ticketsByNode() {
    return placing.ledger().openByNode();
  }

  /** Requests that wait. */
  public int queued() {
    return placing.queue().size();
  }

  /** Tickets that are out. */
  public int ticketed() {
    return placing.ledger().size();
  }

  /** The last word on a repeated submission: the same again. */
  private void repeat(PlacedRequest request, List<Effect> effects) {
    var sent = request.sentTo(request.edge());
    if (sent != null) {
      effects.add(sent);
      effects.add(new Effect.ReplyPlaced(request.edge(), request.attempt(), term, sent.node()));
    } else {
      int position = placing.queue().position(request.request());
      effects.add(
          new Effect.ReplyQueued(
              request.edge(), request.attempt(), term, position, request.etaMs()));
    }
  }

  private void takeBack(PlacedRequest request, List<Effect> effects) {
    placing.requests().remove(request.request());
    placing.queue().remove(request.request());
    var ticket = request.ticket();
    if (ticket != null) {
      placing.ledger().takeBack(ticket);
      effects.add(new Effect.SendCancel(ticket.node(), request.attempt()));
    }
  }

  private @Nullable OpenTicket matching(AttemptId attempt, long ticketTerm, long number) {
    var ticket = placing.ledger().find(attempt);
    boolean same = ticket != null && ticketTerm == term && ticket.number() == number;
    return same ? ticket : null;
  }

  private void forget(List<OpenTicket> gone) {
    gone.forEach(ticket -> PlacedRequest.forget(placing.requests(), ticket.attempt()));
  }

  private static Effect left(Moment now, NodeId node) {
    return new Effect.Emit(new RoutingEvent.NodeChanged(now.at(), node, "left", null));
  }

  private static RoutingEvent event(Moment now, AttemptReport report) {
    return switch (report.outcome()) {
      case COMPLETED -> new RoutingEvent.Completed(now.at(), report);
      case FAILED -> new RoutingEvent.Failed(now.at(), report);
      case HANDED_OVER -> new RoutingEvent.HandedOver(now.at(), report);
      case CANCELLED -> new RoutingEvent.Cancelled(now.at(), report);
    };
  }
}
