package org.brokecluster.coordinator.whatif;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.brokecluster.coordinator.history.event.EventVisitor;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.history.event.NodeOffer;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Arranged;
import org.brokecluster.coordinator.history.event.RoutingEvent.Cancelled;
import org.brokecluster.coordinator.history.event.RoutingEvent.Completed;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.event.RoutingEvent.Failed;
import org.brokecluster.coordinator.history.event.RoutingEvent.HandedOver;
import org.brokecluster.coordinator.history.event.RoutingEvent.Learned;
import org.brokecluster.coordinator.history.event.RoutingEvent.NodeChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.Queued;
import org.brokecluster.coordinator.history.event.RoutingEvent.Rated;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.coordinator.history.event.RoutingEvent.Refused;
import org.brokecluster.coordinator.history.event.RoutingEvent.Started;
import org.brokecluster.coordinator.history.event.RoutingEvent.StrategyChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.TermStarted;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.AttemptReport;

/** What really happened, gathered from the events in their order. Not thread safe. */
final class Recording implements EventVisitor<Recording> {
  /** Requests played at most; of more the first ones. */
  static final int REQUESTS_MAX = 100_000;

  /** After a new router's start every node is heard of within this time. */
  private static final long ROLL_CALL_MS = 30_000;

  final long fromMs;
  final Map<NodeId, NodeOffer> present;
  final double slowdown;
  final LinkedHashMap<String, PastRequest> requests = new LinkedHashMap<>();
  final List<FleetChange> fleet = new ArrayList<>();
  final TreeMap<Long, String> strategies = new TreeMap<>();
  final TreeMap<Long, LearnedFigures> learned = new TreeMap<>();
  final TreeSet<String> unknownNodes = new TreeSet<>();
  final Corrections corrections = new Corrections();
  boolean truncated;

  private final Map<NodeId, FleetChange> members = new HashMap<>();
  private final TreeSet<NodeId> unheard = new TreeSet<>();
  private long termStartedMs;
  private final Map<AttemptId, Work> running = new HashMap<>();

  private record Work(String model, String node, int streams, int othersBusy) {}

  /**
   * Nothing yet.
   *
   * @param fromMs first moment of the requests that count
   * @param present what today's nodes can do, for those of which the events do not tell
   * @param slowdown see {@link ServiceTime#of}
   */
  Recording(long fromMs, Map<NodeId, NodeOffer> present, double slowdown) {
    this.fromMs = fromMs;
    this.present = present;
    this.slowdown = slowdown;
  }

  void take(RoutingEvent event) {
    long at = event.at().toEpochMilli();
    if (!unheard.isEmpty() && at > termStartedMs + ROLL_CALL_MS) {
      unheard.forEach(node -> change(new FleetChange(at, node, null, false, false)));
      unheard.clear();
    }
    event.accept(this);
  }

  @Override
  public Recording termStarted(TermStarted event) {
    termStartedMs = event.at().toEpochMilli();
    strategies.put(termStartedMs, event.strategy());
    unheard.addAll(members.keySet());
    running.clear();
    return this;
  }

  @Override
  public Recording received(Received event) {
    long at = event.at().toEpochMilli();
    if (at >= fromMs && !requests.containsKey(event.request().value())) {
      if (requests.size() == REQUESTS_MAX) {
        truncated = true;
      } else {
        requests.put(event.request().value(), new PastRequest(event.request(), at, event.facts()));
      }
    }
    return this;
  }

  @Override
  public Recording decided(Decided event) {
    var placement = event.placement();
    var model = placement.model().value();
    var node = placement.node().value();
    int same = 0;
    var others = new TreeSet<String>();
    for (var work : running.values()) {
      if (work.node().equals(node)) {
        same += work.model().equals(model) ? 1 : 0;
        others.add(work.model());
      }
    }
    others.remove(model);
    running.put(event.attempt(), new Work(model, node, same + 1, others.size()));
    var request = requests.get(event.attempt().request().value());
    if (request != null) {
      if (request.placement == null) {
        request.waitedMs = event.at().toEpochMilli() - request.atMs;
      }
      request.placement = placement;
      request.attempts = Math.max(request.attempts, event.attempt().number());
    }
    return this;
  }

  @Override
  public Recording queued(Queued event) {
    return this;
  }

  @Override
  public Recording refused(Refused event) {
    var request = requests.get(event.attempt().request().value());
    if (request != null) {
      request.fate = PastRequest.Fate.REFUSED;
      request.refusal = event.reason().name().toLowerCase(Locale.ROOT);
    }
    return this;
  }

  @Override
  public Recording started(Started event) {
    return this;
  }

  @Override
  public Recording completed(Completed event) {
    return ended(event.report(), PastRequest.Fate.COMPLETED);
  }

  @Override
  public Recording failed(Failed event) {
    return ended(event.report(), PastRequest.Fate.FAILED);
  }

  @Override
  public Recording cancelled(Cancelled event) {
    return ended(event.report(), PastRequest.Fate.CANCELLED);
  }

  @Override
  public Recording handedOver(HandedOver event) {
    running.remove(event.report().attempt());
    return this;
  }

  @Override
  public Recording rated(Rated event) {
    return this;
  }

  @Override
  public Recording learned(Learned event) {
    long at = event.at().toEpochMilli();
    if (at < fromMs) {
      learned.clear();
    }
    if (at < fromMs || event.earlier()) {
      learned.put(at, event.figures());
    }
    return this;
  }

  @Override
  public Recording arranged(Arranged event) {
    return this;
  }

  @Override
  public Recording strategyChanged(StrategyChanged event) {
    strategies.put(event.at().toEpochMilli(), event.strategy());
    return this;
  }

  @Override
  public Recording nodeChanged(NodeChanged event) {
    var node = event.node();
    long at = event.at().toEpochMilli();
    unheard.remove(node);
    if (event.change().equals("left")) {
      running.values().removeIf(work -> work.node().equals(node.value()));
      change(new FleetChange(at, node, null, false, false));
      return this;
    }
    var before = members.get(node);
    var offer = event.offer();
    if (offer == null) {
      offer = before == null ? present.get(node) : before.offer();
    }
    if (offer == null) {
      unknownNodes.add(node.value());
      return this;
    }
    unknownNodes.remove(node.value());
    boolean draining = before != null && before.draining();
    boolean heard = before == null || before.heard();
    change(
        switch (event.change()) {
          case "draining" -> new FleetChange(at, node, offer, true, heard);
          case "resumed" -> new FleetChange(at, node, offer, false, heard);
          case "unreachable" -> new FleetChange(at, node, offer, draining, false);
          case "joined" -> new FleetChange(at, node, offer, false, true);
          default -> new FleetChange(at, node, offer, draining, true);
        });
    return this;
  }

  private void change(FleetChange change) {
    if (change.offer() == null) {
      members.remove(change.node());
    } else {
      members.put(change.node(), change);
    }
    fleet.add(change);
  }

  private Recording ended(AttemptReport report, PastRequest.Fate fate) {
    var work = running.remove(report.attempt());
    var request = requests.get(report.attempt().request().value());
    if (request == null || !report.last()) {
      return this;
    }
    request.fate = fate;
    request.model = report.model() == null ? null : report.model().value();
    request.node = report.node() == null ? null : report.node().value();
    request.firstTokenMs = report.firstTokenMs();
    request.totalMs = report.totalMs();
    request.decodeMs = report.decodeMs();
    request.promptTokens = report.usage().promptTokens();
    request.completionTokens = report.usage().completionTokens();
    request.cachedTokens = report.usage().cachedTokens();
    if (work != null && fate == PastRequest.Fate.COMPLETED && report.attempt().number() == 1) {
      learn(request, work);
    }
    return this;
  }

  private void learn(PastRequest request, Work work) {
    var member = members.get(NodeId.of(work.node()));
    if (member == null || member.offer() == null || request.firstTokenMs == null) {
      return;
    }
    for (var model : member.offer().models()) {
      if (model.facts().id().value().equals(work.model())) {
        var nominal =
            ServiceTime.of(
                model.load().speed(),
                Math.min(work.streams(), model.facts().slots()),
                work.othersBusy(),
                request.tokensToRead(),
                request.answerTokens(),
                slowdown);
        double decode = request.decodeMs == null ? nominal.decodeMs() : request.decodeMs;
        corrections.add(
            work.model(),
            work.node(),
            nominal,
            (double) request.firstTokenMs - request.waitedMs,
            decode);
      }
    }
  }
}
