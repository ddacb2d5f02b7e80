package org.brokecluster.coordinator.routing;

import java.util.List;
import java.util.function.Predicate;
import org.brokecluster.coordinator.history.event.Reckoning;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.decision.Because;
import org.brokecluster.coordinator.routing.decision.Decision;
import org.brokecluster.coordinator.routing.decision.DecisionNotes;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.router.Parameters;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;
import org.jspecify.annotations.Nullable;

/** Carries out what was decided of a request: it gets a ticket, waits, or is refused. */
final class Outcomes {
  /** How many times longer than its client waits a request's predicted wait may be. */
  private static final int DOUBT = 2;

  /** Basis of a quality that ratings made. */
  private static final String CALIBRATED = "calibrated";

  private final RouterState state;
  private final Drain drain;

  Outcomes(RouterState state) {
    this.state = state;
    this.drain = new Drain(state.settings.queue().size());
  }

  /**
   * Sends a ticket.
   *
   * @param queued whether the request comes from the queue
   * @param asOldest whether that is the turn of the oldest
   */
  void ticket(
      Moment now,
      PlacedRequest request,
      Decision.Chosen chosen,
      boolean queued,
      boolean asOldest,
      List<Effect> effects) {
    var winner = chosen.winner();
    var attempt = request.attempt();
    state.breakers.placed(winner.node(), winner.model(), now.wallMillis());
    var open =
        state.ledger.open(
            attempt,
            winner.node(),
            winner.model(),
            request.flow(),
            now.millis(),
            winner.finishMs());
    var message = message(now, request, chosen, open.number());
    request.ticketed(open, message, winner.cachedTokens());
    state.prefixes.placed(attempt, winner.spot(), request.facts());
    state.requests.put(request.request(), request);
    state.demand.asked(
        winner.model(), winner.prefillMs() + winner.decodeMs(), now.at(), now.millis());
    state.placement.used(winner.node(), winner.model(), now.millis());
    state.nextTurn(chosen.question().strategy());
    state.queue.served(request, now.millis(), queued, asOldest);
    state.charges.add(attempt, request.flow(), request.cost());
    Gathering.overtake(winner.node(), winner.model(), state.queue.inArrival());
    effects.add(message);
    var notes = DecisionNotes.of(chosen);
    effects.add(
        new Effect.Emit(
            new RoutingEvent.Decided(
                now.at(),
                attempt,
                message.placement(),
                notes.best(),
                notes.lost(),
                reckoning(chosen),
                state.placement.broughtBy(winner.node(), winner.model()))));
  }

  private static Reckoning reckoning(Decision.Chosen chosen) {
    var winner = chosen.winner();
    return new Reckoning(
        Math.round((1 - winner.unlearned()) * 10_000) / 10_000.0,
        Math.round(winner.firstTokenMs()),
        Math.round(winner.finishMs()),
        chosen.because() == Because.SCORE ? null : chosen.because().label());
  }

  private Effect.SendTicket message(
      Moment now, PlacedRequest request, Decision.Chosen chosen, long number) {
    var winner = chosen.winner();
    var parameters =
        state.parameters.of(request.facts(), chosen.question().demand(), winner.model());
    var placement =
        new Placement(
            winner.model(),
            winner.node(),
            winner.tier(),
            chosen.question().strategy().name(),
            winner.temperature(),
            winner.learned().known()
                ? CALIBRATED
                : state.quality.basis(request.facts().profile(), winner.spot()),
            winner.promised().firstTokenMs(),
            winner.promised().finishMs(),
            request.waitedMs(now.millis()),
            winner.promised().promise(),
            parameters.isEmpty() ? null : parameters);
    return new Effect.SendTicket(
        winner.node(),
        request.attempt(),
        state.term,
        number,
        request.facts().api(),
        placement,
        request.facts().promptBytes() + (parameters.isEmpty() ? 0 : Parameters.JSON_MAX),
        request.facts().expectedTokens(),
        request.edge());
  }

  /**
   * Lets a request wait, which may push another one out; or refuses it, if there is no room or no
   * hope.
   */
  void enqueue(Moment now, PlacedRequest request, List<Effect> effects) {
    if (isHopeless(now, request, (double) request.predictedWaitMs())) {
      hopeless(now, request, effects);
      return;
    }
    if (!state.queue.hasRoomFor(request)) {
      var out = state.queue.pushedOutBy(request);
      full(now, out == null ? request : out, effects);
      if (out == null) {
        return;
      }
    }
    state.queue.add(request);
    state.requests.put(request.request(), request);
    int position = state.queue.position(request.request());
    long eta = request.etaMs();
    effects.add(
        new Effect.Emit(new RoutingEvent.Queued(now.at(), request.attempt(), position, eta)));
    effects.add(
        new Effect.ReplyQueued(
            request.edge(), request.attempt(), state.term, position, state.learning.waitMs(eta)));
  }

  private void full(Moment now, PlacedRequest request, List<Effect> effects) {
    long retry = retryAfterMs(now, spot -> true, request.etaMs());
    var message =
        "%d requests wait already, %d of them yours, as many as may; try again in about %d s"
            .formatted(state.queue.size(), waitingOf(request), Math.round(retry / 1000.0));
    refuse(now, request, Refusal.QUEUE_FULL, message, retry, effects);
  }

  private long waitingOf(PlacedRequest request) {
    return state.queue.inArrival().stream()
        .filter(each -> each.flow().equals(request.flow()))
        .count();
  }

  /** Whether a request finds a place in the queue, without pushing anybody out, and hope there. */
  boolean mayStand(Moment now, PlacedRequest request, double waitMs) {
    return state.queue.hasRoomFor(request) && !isHopeless(now, request, waitMs);
  }

  private static boolean isHopeless(Moment now, PlacedRequest request, double waitMs) {
    return waitMs > DOUBT * (double) Math.max(0, request.deadlineMillis() - now.millis());
  }

  private void hopeless(Moment now, PlacedRequest request, List<Effect> effects) {
    long remaining = request.deadlineMillis() - now.millis();
    long wait = request.predictedWaitMs();
    var message =
        "the wait would be about %d s, but the request may wait %d s only"
            .formatted(Math.round(wait / 1000.0), Math.round(remaining / 1000.0));
    long retry = Math.max(Drain.MIN_MS, Math.min(Drain.MAX_MS, wait - remaining));
    refuse(now, request, Refusal.DEADLINE, message, retry, effects);
  }

  /** When it is worth coming back for one of these places. */
  long retryAfterMs(Moment now, Predicate<Spot> there, long otherwise) {
    return drain.retryAfterMs(state.queue.inArrival(), there, otherwise, now.millis());
  }

  /** Ends a request without a place; it may stand in the queue or be new. */
  void refuse(
      Moment now,
      PlacedRequest request,
      Refusal reason,
      String message,
      @Nullable Long retryAfterMs,
      List<Effect> effects) {
    state.queue.remove(request.request());
    state.requests.remove(request.request());
    state.recents.refused(request.attempt(), message);
    if (!request.moving()) { // else it stays where it is
      effects.add(
          new Effect.Emit(
              new RoutingEvent.Refused(
                  now.at(), request.attempt(), reason, message, retryAfterMs)));
    }
    effects.add(
        new Effect.ReplyRefused(
            request.edge(), request.attempt(), state.term, reason, message, retryAfterMs));
  }
}
