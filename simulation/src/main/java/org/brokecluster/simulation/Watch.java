package org.brokecluster.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.coordinator.routing.Effect;
import org.brokecluster.coordinator.routing.RouterCore;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.AttemptReport;
import org.jspecify.annotations.Nullable;

/** Sees everything and says what must not be. The first broken invariant ends the run. */
final class Watch {
  /** Ways to go on, each of which may be refused once by each of a few models. */
  private static final int WAYS = 6;

  private final World world;
  private final List<PlayedRequest> called = new ArrayList<>();
  private final Map<Long, PlayedRouter> routerOf = new HashMap<>();
  private final Map<Membership, Long> termSeen = new HashMap<>();
  private final Set<AttemptId> generated = new HashSet<>();
  private final Set<AttemptId> reported = new HashSet<>();
  private final Map<PlayedModel, Integer> sickAttempts = new HashMap<>();
  private final Map<PlayedRouter, QueueWatch> queues = new HashMap<>();
  private @Nullable Violation violation;
  private int notReached;
  private int brokenAttempts;
  private int rescued;

  Watch(World world) {
    this.world = world;
  }

  /** The first broken invariant; null while all is well. */
  @Nullable Violation violation() {
    return violation;
  }

  /** Something is that must not be. */
  void broken(Invariant invariant, String what) {
    if (violation == null) {
      var time = world.time();
      violation =
          new Violation(
              world.plan().seed(), invariant, time.steps(), time.nowMs(), what, time.latest());
    }
  }

  /** A client's connection was refused: nobody lives there. */
  void notReached(Call call) {
    notReached++;
  }

  void called(PlayedRequest request) {
    called.add(request);
  }

  /** Requests that clients could make. */
  List<PlayedRequest> requests() {
    return called;
  }

  /** An edge asks for a place. */
  void submitted(Call call, AttemptId attempt) {
    int most = world.settings().limits().attemptsMax() + WAYS;
    if (attempt.number() > most) {
      broken(Invariant.ATTEMPTS, "%s is beyond %d attempts".formatted(attempt, most));
    }
  }

  /** A runtime begins to answer. */
  void generationStarted(AttemptId attempt) {
    if (!generated.add(attempt)) {
      broken(Invariant.ATTEMPTS, attempt + " is answered a second time");
    }
  }

  /** An attempt broke on its node. */
  void attemptFailed(PlayedModel model, AttemptFailure.Kind kind) {
    if (model.sickness() != null) {
      sickAttempts.merge(model, 1, Integer::sum);
    }
  }

  /** Attempts that broke at each place while it was sick. */
  Map<PlayedModel, Integer> sickAttempts() {
    return sickAttempts;
  }

  /** An edge tells how an attempt ended. */
  void attemptEnded(AttemptReport report) {
    if (report.failure() != null) {
      brokenAttempts++;
    }
    if (report.resumed() != null && report.finishReason() != null) {
      rescued++;
    }
  }

  /** Whether the end of this attempt is told for the first time. */
  boolean firstReport(AttemptId attempt) {
    return reported.add(attempt);
  }

  /** A router has taken a term. */
  void reigns(PlayedRouter router) {
    var other = routerOf.putIfAbsent(router.term(), router);
    if (other != null && other != router) {
      broken(
          Invariant.ONE_ROUTER,
          "%s and %s both take term %d".formatted(other.self(), router.self(), router.term()));
    }
  }

  /** What a router has just recorded, and what it knows itself. */
  void recorded(PlayedRouter router, RoutingState fold, RouterCore core) {
    if (!fold.failedPlaces().equals(core.failedPlaces())) {
      broken(
          Invariant.RECORDED,
          "%s of term %d knows %s, its events lead to %s"
              .formatted(router.self(), router.term(), core.failedPlaces(), fold.failedPlaces()));
    }
    if (fold.learned() != core.learning().trace()) {
      broken(
          Invariant.RECORDED,
          "%s of term %d has learned other things than its events teach"
              .formatted(router.self(), router.term()));
    }
  }

  /** A router sends a ticket. */
  void ticket(PlayedRouter router, Effect.SendTicket sent) {
    queueOf(router).served(sent.attempt().request());
    if (sent.term() != router.term()) {
      broken(
          Invariant.ONE_ROUTER, "a ticket of term %d by %s".formatted(sent.term(), router.self()));
    }
  }

  /** A router tells an edge that its request waits. */
  void waits(PlayedRouter router, RequestId request) {
    queueOf(router).waits(request);
  }

  /** A router will not place a request, or is told that nobody wants it any more. */
  void waitsNoMore(PlayedRouter router, RequestId request) {
    queueOf(router).leaves(request);
  }

  private QueueWatch queueOf(PlayedRouter router) {
    return queues.computeIfAbsent(router, key -> new QueueWatch(world));
  }

  /** A node acts on a ticket. */
  void obeyed(PlayedNode node, PlayedTicket ticket) {
    var in = node.self().in();
    long seen = termSeen.getOrDefault(in, 0L);
    long term = ticket.sent().term();
    if (term < seen) {
      broken(
          Invariant.FENCING,
          "%s obeys %s although it has heard of term %d".formatted(in, ticket, seen));
    }
    termSeen.put(in, Math.max(seen, term));
  }

  /** How many requests wait at a router. */
  void queue(PlayedRouter router, int waiting) {
    int most = world.settings().router().queue().size();
    int slots = world.plan().slotsInAll();
    if (waiting > most + slots) {
      broken(
          Invariant.QUEUE,
          "%d requests wait at %s, %d may".formatted(waiting, router.self(), most));
    }
  }

  int notReached() {
    return notReached;
  }

  int brokenAttempts() {
    return brokenAttempts;
  }

  /** Answers that were completed by another attempt than the one that began them. */
  int rescued() {
    return rescued;
  }
}
