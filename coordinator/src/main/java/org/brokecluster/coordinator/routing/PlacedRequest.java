package org.brokecluster.coordinator.routing;

import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.ledger.OpenTicket;
import org.brokecluster.coordinator.routing.queue.Waiter;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/** An attempt the router is responsible for: it waits, or its ticket is out; never both. */
final class PlacedRequest implements Waiter {
  private final AttemptId attempt;
  private final RequestFacts facts;
  private final @Nullable Selection selection;
  private final List<Tried> avoid;
  private final boolean moving;
  private final long arrival;
  private final long sinceMillis;
  private EdgeAddress edge;
  private long deadlineMillis;
  private long hopelessSince = -1;
  private @Nullable Spot awaited;
  private long etaMs;
  private @Nullable OpenTicket ticket;
  private Effect.@Nullable SendTicket sent;
  private boolean started;

  /** An attempt that has just come; {@code arrival} is that of its request's first attempt. */
  PlacedRequest(
      Submission submission, @Nullable Selection selection, long arrival, long nowMillis) {
    this.attempt = submission.attempt();
    this.facts = submission.facts();
    this.selection = selection;
    this.avoid = submission.avoid();
    this.moving = submission.beside() > 0;
    this.arrival = arrival;
    this.sinceMillis = nowMillis;
    this.edge = submission.edge();
    this.deadlineMillis = nowMillis + submission.remainingMs();
  }

  /** The entry of an attempt; null if there is none, or its request has moved on. */
  static @Nullable PlacedRequest find(Map<RequestId, PlacedRequest> all, AttemptId attempt) {
    var request = all.get(attempt.request());
    return request != null && request.attempt.equals(attempt) ? request : null;
  }

  /**
   * Of two attempts of a request that moves, the older may end while the newer has yet to begin.
   */
  static void forget(Map<RequestId, PlacedRequest> all, AttemptId attempt) {
    if (find(all, attempt) != null) {
      all.remove(attempt.request());
    }
  }

  /** A repeated submission may come from another actor and with another deadline. */
  void refresh(Submission submission, long nowMillis) {
    edge = submission.edge();
    deadlineMillis = nowMillis + submission.remainingMs();
  }

  void waitsFor(@Nullable Spot spot, long predictedMs) {
    awaited = spot;
    etaMs = predictedMs;
  }

  /** Remembers since when there is no candidate; answers how long that is. */
  long hopelessFor(long nowMillis) {
    hopelessSince = hopelessSince < 0 ? nowMillis : hopelessSince;
    return nowMillis - hopelessSince;
  }

  void hopeful() {
    hopelessSince = -1;
  }

  void ticketed(OpenTicket open, Effect.SendTicket message) {
    ticket = open;
    sent = message;
    awaited = null;
    started = false;
  }

  void ticketLost() {
    ticket = null;
    sent = null;
  }

  /** True the first time only. */
  boolean start() {
    boolean first = !started;
    started = true;
    return first;
  }

  /** Whether an earlier attempt goes on until this one takes over. */
  boolean moving() {
    return moving;
  }

  AttemptId attempt() {
    return attempt;
  }

  RequestFacts facts() {
    return facts;
  }

  @Nullable Selection selection() {
    return selection;
  }

  List<Tried> avoid() {
    return avoid;
  }

  EdgeAddress edge() {
    return edge;
  }

  @Nullable Spot awaited() {
    return awaited;
  }

  long etaMs() {
    return etaMs;
  }

  @Nullable OpenTicket ticket() {
    return ticket;
  }

  /** The ticket as it was sent, with the edge of now; null while the request waits. */
  Effect.@Nullable SendTicket sentTo(EdgeAddress to) {
    return sent == null
        ? null
        : new Effect.SendTicket(
            sent.node(),
            sent.attempt(),
            sent.term(),
            sent.number(),
            sent.api(),
            sent.placement(),
            sent.promptBytes(),
            sent.expectedTokens(),
            to);
  }

  long waitedMs(long nowMillis) {
    return Math.max(0, nowMillis - sinceMillis);
  }

  @Override
  public RequestId request() {
    return attempt.request();
  }

  @Override
  public TrafficClass trafficClass() {
    return facts.wishes().trafficClass();
  }

  @Override
  public long arrival() {
    return arrival;
  }

  @Override
  public long deadlineMillis() {
    return deadlineMillis;
  }
}
