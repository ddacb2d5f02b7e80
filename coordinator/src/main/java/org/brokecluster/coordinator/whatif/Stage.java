package org.brokecluster.coordinator.whatif;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.routing.EdgeAddress;
import org.brokecluster.coordinator.routing.Effect;
import org.brokecluster.coordinator.routing.Moment;
import org.brokecluster.coordinator.routing.RouterCore;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.Submission;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.coordinator.whatif.PastRequest.Fate;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;

/**
 * Plays requests through a {@link RouterCore} in virtual time. What the core orders is done at once
 * and without loss; how long work takes is {@link ServiceTime}. Failures are not played. Not thread
 * safe; used once.
 */
final class Stage {
  private static final long TERM = 1;
  private static final long PATIENCE_MS = 600_000;
  private static final EdgeAddress EDGE = () -> "replay:0";

  private final RouterCore core;
  private final RouterSettings settings;
  private final Corrections corrections;
  private final PriorityQueue<Step> agenda = new PriorityQueue<>();
  private final Map<NodeId, StageNode> nodes = new TreeMap<>();
  private final Map<AttemptId, Running> running = new HashMap<>();
  private final Map<String, PastRequest> requests = new HashMap<>();
  private final LinkedHashMap<String, Played> played = new LinkedHashMap<>();
  private final Set<NodeId> present = new HashSet<>();
  private int arriving;
  private long now;
  private long steps;
  private boolean ticking;

  private record Step(long at, long order, Runnable what) implements Comparable<Step> {
    @Override
    public int compareTo(Step other) {
      int byTime = Long.compare(at, other.at);
      return byTime == 0 ? Long.compare(order, other.order) : byTime;
    }
  }

  private record Running(
      Effect.SendTicket ticket, PastRequest request, double firstAt, double endAt, long since) {}

  /** An empty stage at a moment. */
  Stage(RouterSettings settings, String strategy, Corrections corrections, long startMs) {
    this.settings = settings;
    this.corrections = corrections;
    this.now = startMs;
    var strategies = Strategies.of(settings.strategies(), Strategies.plugins());
    this.core = new RouterCore(TERM, settings, strategies, strategy, moment());
  }

  /**
   * Something of the fleet will change. A node that comes has been joining before, for which
   * requests wait; since when is not recorded, so it is as long as they would wait.
   *
   * @param change later than those that were told before
   */
  void change(FleetChange change) {
    long at = Math.max(now, change.atMs());
    if (change.offer() == null) {
      present.remove(change.node());
      at(at, () -> apply(change));
    } else if (present.add(change.node())) {
      at(Math.max(now, at - settings.joinGrace().toMillis()), () -> core.arriving(++arriving));
      at(
          at,
          () -> {
            apply(change);
            core.arriving(--arriving);
          });
    } else {
      at(at, () -> apply(change));
    }
  }

  /** The strategy for requests that name none will change. */
  void strategy(long atMs, String name) {
    at(Math.max(now, atMs), () -> core.setStrategy(moment(), name).ifPresent(this::run));
  }

  /** The router will take over what earlier ones have learned. */
  void learned(long atMs, LearnedFigures figures) {
    at(Math.max(now, atMs), () -> run(core.takeOver(moment(), figures)));
  }

  /** A request will come. */
  void arrive(PastRequest request) {
    requests.put(request.id.value(), request);
    at(request.atMs, () -> submit(request));
    var patience = request.fate == Fate.CANCELLED ? request.totalMs : null;
    if (patience != null) {
      at(request.atMs + patience, () -> hangUp(request));
    }
  }

  /** Plays everything to its end; by request. */
  Map<String, Played> play() {
    for (var step = agenda.poll(); step != null; step = agenda.poll()) {
      now = Math.max(now, step.at());
      step.what().run();
      tickWhileThereIsWork();
    }
    return played;
  }

  private void submit(PastRequest request) {
    run(
        core.submit(
            moment(),
            new Submission(
                new AttemptId(request.id, 1), request.facts, PATIENCE_MS, List.of(), null, EDGE)));
  }

  private void hangUp(PastRequest request) {
    var attempt = new AttemptId(request.id, 1);
    var work = running.get(attempt);
    if (work != null) {
      end(attempt, Fate.CANCELLED);
    } else if (!played.containsKey(request.id.value())) {
      played.put(request.id.value(), Played.without(Fate.CANCELLED, null));
      run(core.withdraw(moment(), request.id));
    }
  }

  private void apply(FleetChange change) {
    var node = nodes.get(change.node());
    if (change.offer() == null) {
      if (node != null) {
        nodes.remove(change.node());
        moveAway(change.node());
        run(core.nodeGone(moment(), change.node()));
      }
      return;
    }
    if (node == null) {
      node = new StageNode(change);
      nodes.put(change.node(), node);
    } else {
      node.changed(change);
    }
    run(core.nodeChanged(moment(), node.state()));
  }

  /** What ran on a node that left begins anew elsewhere, as a second attempt would. */
  private void moveAway(NodeId node) {
    var lost = new ArrayList<Running>();
    running
        .values()
        .forEach(
            each -> {
              if (each.ticket().node().equals(node)) {
                lost.add(each);
              }
            });
    for (var each : lost) {
      var attempt = each.ticket().attempt();
      running.remove(attempt);
      var next = new AttemptId(attempt.request(), attempt.number() + 1);
      at(
          now,
          () ->
              run(
                  core.submit(
                      moment(),
                      new Submission(
                          next, each.request().facts, PATIENCE_MS, List.of(), null, EDGE))));
    }
  }

  private void run(List<Effect> effects) {
    for (var effect : effects) {
      if (effect instanceof Effect.SendTicket ticket) {
        begin(ticket);
      } else if (effect instanceof Effect.ReplyRefused refused) {
        var request = requests.get(refused.attempt().request().value());
        if (request != null) {
          var reason = refused.reason().name().toLowerCase(Locale.ROOT);
          played.put(request.id.value(), Played.without(Fate.REFUSED, reason));
        }
      }
    }
  }

  private void begin(Effect.SendTicket ticket) {
    var request = requests.get(ticket.attempt().request().value());
    var node = nodes.get(ticket.node());
    if (request == null || node == null) {
      return;
    }
    var model = ticket.placement().model();
    int streams = 1;
    var busy = new TreeSet<String>();
    for (var other : running.values()) {
      if (other.ticket().node().equals(ticket.node())) {
        streams += other.ticket().placement().model().equals(model) ? 1 : 0;
        busy.add(other.ticket().placement().model().value());
      }
    }
    busy.remove(model.value());
    long readyAt = node.ready(model, now, busy);
    var service =
        ServiceTime.of(
                node.speed(model),
                Math.min(streams, node.slots(model)),
                busy.size(),
                request.tokensToRead(),
                request.answerTokens(),
                settings.tuning().streamSlowdown())
            .corrected(corrections.of(model.value(), node.likeness()));
    double first = readyAt + service.prefillMs();
    var work = new Running(ticket, request, first, first + service.decodeMs(), now);
    running.put(ticket.attempt(), work);
    at(now, () -> run(core.attemptStarted(moment(), ticket.attempt(), TERM, ticket.number())));
    if (readyAt > now) {
      at(readyAt, () -> loaded(ticket.node()));
      at(now, () -> loaded(ticket.node()));
    }
    at(
        Math.round(work.endAt()),
        () -> {
          if (work.equals(running.get(ticket.attempt()))) {
            end(ticket.attempt(), Fate.COMPLETED);
          }
        });
  }

  private void loaded(NodeId name) {
    var node = nodes.get(name);
    if (node != null) {
      node.tick(now);
      run(core.nodeChanged(moment(), node.state()));
    }
  }

  private void end(AttemptId attempt, Fate fate) {
    var work = running.remove(attempt);
    if (work == null) {
      return;
    }
    note(work.request(), fate, work);
    var ticket = work.ticket();
    run(core.attemptClosed(moment(), attempt, TERM, ticket.number()));
    run(core.report(moment(), report(work, fate), EDGE));
  }

  private AttemptReport report(Running work, Fate fate) {
    var request = work.request();
    boolean whole = fate == Fate.COMPLETED;
    return new AttemptReport(
        work.ticket().attempt(),
        whole ? AttemptOutcome.COMPLETED : AttemptOutcome.CANCELLED,
        true,
        work.ticket().placement().model(),
        work.ticket().node(),
        whole ? "stop" : null,
        null,
        new Usage(
            (int) request.tokensToRead(),
            (int) (whole ? request.answerTokens() : 0),
            (int) request.cachedTokens),
        Math.round(work.firstAt() - request.atMs),
        now - request.atMs,
        Math.round(work.endAt() - work.firstAt()),
        null,
        null);
  }

  private void note(PastRequest request, Fate fate, Running work) {
    played.put(
        request.id.value(),
        new Played(
            fate,
            work.ticket().placement(),
            work.firstAt() - request.atMs,
            (double) now - request.atMs,
            (double) now - work.since(),
            null));
  }

  private void tickWhileThereIsWork() {
    if (!ticking && core.queued() > 0) {
      ticking = true;
      at(
          now + settings.tick().toMillis(),
          () -> {
            ticking = false;
            run(core.tick(moment()));
          });
    }
  }

  private void at(long time, Runnable what) {
    agenda.add(new Step(time, steps++, what));
  }

  private Moment moment() {
    return new Moment(Instant.ofEpochMilli(now), now);
  }
}
