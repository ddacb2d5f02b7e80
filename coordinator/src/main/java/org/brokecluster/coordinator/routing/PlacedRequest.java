package org.brokecluster.coordinator.routing;

import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.decision.Candidate;
import org.brokecluster.coordinator.routing.ledger.OpenTicket;
import org.brokecluster.coordinator.routing.queue.Flow;
import org.brokecluster.coordinator.routing.queue.TokenCost;
import org.brokecluster.coordinator.routing.queue.Waiter;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/** An attempt the router is responsible for: it waits, or its ticket is out; never both. */
final class PlacedRequest implements Waiter {
  /** Who waits for less has set a deadline. */
  private static final long UNHURRIED_MS = 300_000;

  private final AttemptId attempt;
  private final RequestFacts facts;
  private final @Nullable Selection selection;
  private final List<Tried> avoid;
  private final boolean moving;
  private final boolean hurries;
  private final Flow flow;
  private final Arrival arrived;
  private final long sinceMillis;
  private EdgeAddress edge;
  private long deadlineMillis;
  private long hopelessSince = -1;
  private @Nullable Spot awaited;
  private long etaMs;
  private double serviceMs;
  private int cachedTokens;
  private boolean displaces;
  private long predictedWaitMs;
  private long wantsRoomSince = -1;
  private int overtaken;
  private @Nullable OpenTicket ticket;
  private Effect.@Nullable SendTicket sent;
  private boolean started;

  /**
   * When a request came first, whatever became of its attempts.
   *
   * @param number counts requests
   * @param millis monotonic time
   */
  record Arrival(long number, long millis) {}

  /** An attempt that has just come. */
  PlacedRequest(
      Submission submission, @Nullable Selection selection, Arrival arrived, long nowMillis) {
    this.attempt = submission.attempt();
    this.facts = submission.facts();
    this.selection = selection;
    this.avoid = submission.avoid();
    this.moving = submission.beside() > 0;
    this.hurries = submission.remainingMs() < UNHURRIED_MS;
    var wishes = submission.facts().wishes();
    this.flow = Flow.of(wishes.trafficClass(), wishes.user(), submission.edge().member());
    this.arrived = arrived;
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

  /** There is nothing to wait for yet but that something comes. */
  void waitsForAny(long predictedMs) {
    awaited = null;
    etaMs = predictedMs;
    predictedWaitMs = 0;
    wantsRoomSince = -1;
  }

  /**
   * Waits for a place.
   *
   * @param wantsRoom whether its model would have to take the memory of others
   */
  void waitsFor(Candidate place, boolean wantsRoom, long nowMillis) {
    boolean same =
        awaited != null
            && awaited.node().equals(place.node())
            && awaited.model().equals(place.model());
    if (!same || !wantsRoom) {
      wantsRoomSince = -1;
      overtaken = 0;
    }
    if (wantsRoom && wantsRoomSince < 0) {
      wantsRoomSince = nowMillis;
    }
    awaited = place.spot();
    etaMs = Math.round(place.firstTokenMs());
    predictedWaitMs = Math.round(place.waitMs());
    serviceMs = place.prefillMs() + place.decodeMs();
    cachedTokens = place.cachedTokens();
    displaces = place.displacedTokens() > 0;
  }

  @Override
  public boolean displaces() {
    return displaces;
  }

  /** Whether the place it waits for needs the memory of others. */
  boolean wantsRoom() {
    return wantsRoomSince >= 0;
  }

  /** How long it has waited for that, in milliseconds. */
  long wantsRoomFor(long nowMillis) {
    return wantsRoomSince < 0 ? 0 : nowMillis - wantsRoomSince;
  }

  /** Another request is given the memory it wants. */
  void overtake() {
    overtaken++;
  }

  /** How often that happened. */
  int overtaken() {
    return overtaken;
  }

  /** Remembers since when there is no candidate; answers how long that is. */
  long hopelessFor(long nowMillis) {
    hopelessSince = hopelessSince < 0 ? nowMillis : hopelessSince;
    return nowMillis - hopelessSince;
  }

  void hopeful() {
    hopelessSince = -1;
  }

  /**
   * Has a place.
   *
   * @param cached tokens of its prompt that are expected in the cache there
   */
  void ticketed(OpenTicket open, Effect.SendTicket message, int cached) {
    cachedTokens = cached;
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

  /** Whether its client has set a time by which it wants its answer. */
  boolean hurries() {
    return hurries;
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

  /** Predicted time until the place it waits for is free. */
  long predictedWaitMs() {
    return predictedWaitMs;
  }

  /** Predicted time of reading the prompt and making the answer there. */
  double serviceMs() {
    return serviceMs;
  }

  Arrival arrived() {
    return arrived;
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
  public Flow flow() {
    return flow;
  }

  @Override
  public double cost() {
    return TokenCost.expected(facts, cachedTokens);
  }

  @Override
  public double work() {
    return TokenCost.work(facts, cachedTokens);
  }

  @Override
  public long arrival() {
    return arrived.number();
  }

  @Override
  public long sinceMillis() {
    return arrived.millis();
  }

  @Override
  public boolean returning() {
    return attempt.number() > 1;
  }

  @Override
  public long deadlineMillis() {
    return deadlineMillis;
  }
}
