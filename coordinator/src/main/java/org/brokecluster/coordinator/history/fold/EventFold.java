package org.brokecluster.coordinator.history.fold;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.brokecluster.coordinator.breaker.Breakers;
import org.brokecluster.coordinator.history.event.EventVisitor;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Arranged;
import org.brokecluster.coordinator.history.event.RoutingEvent.Cancelled;
import org.brokecluster.coordinator.history.event.RoutingEvent.Completed;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.event.RoutingEvent.Failed;
import org.brokecluster.coordinator.history.event.RoutingEvent.HandedOver;
import org.brokecluster.coordinator.history.event.RoutingEvent.NodeChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.Queued;
import org.brokecluster.coordinator.history.event.RoutingEvent.Rated;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.coordinator.history.event.RoutingEvent.Refused;
import org.brokecluster.coordinator.history.event.RoutingEvent.Started;
import org.brokecluster.coordinator.history.event.RoutingEvent.StrategyChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.TermStarted;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.AttemptReport;
import org.jspecify.annotations.Nullable;

/**
 * What each kind of event does to a {@link RoutingState}. Total: events may come in any order,
 * twice, or for requests never seen, as they do after a gap.
 */
final class EventFold implements EventVisitor<RoutingState> {
  private final RoutingState state;

  EventFold(RoutingState state) {
    this.state = state;
  }

  @Override
  public RoutingState termStarted(TermStarted event) {
    state.clear();
    state.term = event.term();
    state.coordinator = event.coordinator().value();
    state.strategy = event.strategy();
    state.version = event.version();
    state.breakers = event.breaker() == null ? null : new Breakers(event.breaker());
    state.terms = event.learning();
    state.learnAnew();
    return state;
  }

  @Override
  public RoutingState received(Received event) {
    state.totals.increment(Total.RECEIVED);
    openFor(event.request());
    return state;
  }

  @Override
  public RoutingState decided(Decided event) {
    var placement = event.placement();
    state.totals.increment(Total.DECIDED);
    tally(state.models, placement.model().value()).increment(Tally.DECIDED);
    tally(state.nodes, placement.node().value()).increment(Tally.DECIDED);
    var request = openFor(event.attempt().request());
    request.state = "decided";
    request.attempt = event.attempt().number();
    request.model = placement.model().value();
    request.node = placement.node().value();
    request.strategy = placement.strategy();
    if (state.breakers != null) {
      state.breakers.placed(placement.node(), placement.model(), state.atMs);
    }
    return state;
  }

  @Override
  public RoutingState queued(Queued event) {
    state.totals.increment(Total.QUEUED);
    var request = openFor(event.attempt().request());
    request.state = "queued";
    request.attempt = event.attempt().number();
    return state;
  }

  @Override
  public RoutingState refused(Refused event) {
    state.totals.increment(Total.REFUSED);
    state.refusals.merge(event.reason().name(), 1L, Long::sum);
    end(event.attempt().request(), Total.REQUESTS_REFUSED);
    return state;
  }

  @Override
  public RoutingState started(Started event) {
    state.totals.increment(Total.STARTED);
    var request = state.open.get(event.attempt().request().value());
    // The node's word and the edge's may overtake each other: a late one must not open it again.
    if (request != null && request.attempt == event.attempt().number()) {
      request.state = "started";
      request.node = event.node().value();
    }
    return state;
  }

  @Override
  public RoutingState completed(Completed event) {
    var report = event.report();
    attemptEnded(report, Total.COMPLETED, Tally.COMPLETED, Total.REQUESTS_COMPLETED);
    if (report.model() != null && report.node() != null) {
      learn(learned(report.model(), report.node()), report);
    }
    return state;
  }

  @Override
  public RoutingState failed(Failed event) {
    var report = event.report();
    attemptEnded(report, Total.FAILED, Tally.FAILED, Total.REQUESTS_FAILED);
    if (report.model() != null && report.node() != null) {
      learned(report.model(), report.node()).increment(Learned.FAILURES);
    }
    return state;
  }

  @Override
  public RoutingState cancelled(Cancelled event) {
    attemptEnded(event.report(), Total.CANCELLED, Tally.CANCELLED, Total.REQUESTS_CANCELLED);
    return state;
  }

  /** Counts for nobody: the attempt that took over counts for the request. */
  @Override
  public RoutingState handedOver(HandedOver event) {
    judge(event.report());
    return state;
  }

  @Override
  public RoutingState nodeChanged(NodeChanged event) {
    state.totals.increment(Total.NODE_CHANGED);
    var name = event.node().value();
    if (event.change().equals("left")) {
      if (state.breakers != null) {
        state.breakers.forget(event.node());
      }
      state.members.remove(name);
      return state;
    }
    var member =
        state.members.computeIfAbsent(bounded(state.members, name), each -> new MemberState());
    switch (event.change()) {
      case "joined", "reachable", "resumed" -> member.state = "up";
      case "unreachable", "draining" -> member.state = event.change();
      default -> {}
    }
    replaceModels(member, event.models());
    return state;
  }

  /** Follows from other events, and steers no figure here. */
  @Override
  public RoutingState learned(RoutingEvent.Learned event) {
    return state;
  }

  @Override
  public RoutingState arranged(Arranged event) {
    state.moves.addLast(event);
    if (state.moves.size() > RoutingState.MOVES_MAX) {
      state.moves.removeFirst();
    }
    return state;
  }

  @Override
  public RoutingState strategyChanged(StrategyChanged event) {
    state.totals.increment(Total.STRATEGY_CHANGED);
    state.strategy = event.strategy();
    return state;
  }

  @Override
  public RoutingState rated(Rated event) {
    if (event.model() != null && event.opinion()) {
      var name = bounded(state.ratings, event.model().value());
      var sums = state.ratings.computeIfAbsent(name, each -> new Counters<>(Ratings.class));
      sums.increment(Ratings.COUNT);
      sums.add(Ratings.SUM, event.score());
    }
    return state;
  }

  private static void replaceModels(MemberState member, @Nullable Map<ModelId, String> models) {
    if (models == null) {
      return;
    }
    member.models.clear();
    models.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .limit(RoutingState.NAMES_MAX)
        .forEach(model -> member.models.put(model.getKey().value(), model.getValue()));
  }

  private void attemptEnded(AttemptReport report, Total event, Tally tally, Total request) {
    var usage = report.usage();
    judge(report);
    state.totals.increment(event);
    state.totals.add(Total.PROMPT_TOKENS, usage.promptTokens());
    state.totals.add(Total.COMPLETION_TOKENS, usage.completionTokens());
    state.totals.add(Total.CACHED_TOKENS, usage.cachedTokens());
    if (report.model() != null) {
      count(tally(state.models, report.model().value()), tally, report);
    }
    if (report.node() != null) {
      count(tally(state.nodes, report.node().value()), tally, report);
    }
    if (report.last()) {
      end(report.attempt().request(), request);
      return;
    }
    var open = state.open.get(report.attempt().request().value());
    if (open != null) {
      open.state = "retrying";
    }
  }

  private void judge(AttemptReport report) {
    if (state.breakers != null) {
      state.breakers.ended(report, state.atMs);
    }
  }

  private static void count(Counters<Tally> counters, Tally tally, AttemptReport report) {
    counters.increment(tally);
    counters.add(Tally.PROMPT_TOKENS, report.usage().promptTokens());
    counters.add(Tally.COMPLETION_TOKENS, report.usage().completionTokens());
    counters.add(Tally.CACHED_TOKENS, report.usage().cachedTokens());
  }

  private static void learn(Counters<Learned> sums, AttemptReport report) {
    sums.increment(Learned.ANSWERS);
    sums.add(Learned.TOTAL_MS, report.totalMs());
    if (report.firstTokenMs() != null) {
      sums.increment(Learned.FIRST_TOKEN_COUNT);
      sums.add(Learned.FIRST_TOKEN_MS, report.firstTokenMs());
    }
    if (report.decodeMs() != null) {
      sums.increment(Learned.DECODE_COUNT);
      sums.add(Learned.DECODE_TOKENS, report.usage().completionTokens());
      sums.add(Learned.DECODE_MS, report.decodeMs());
    }
  }

  private OpenRequest openFor(RequestId id) {
    var known = state.open.get(id.value());
    if (known != null) {
      return known;
    }
    if (state.open.size() >= RoutingState.OPEN_MAX) {
      var oldest = state.open.keySet().iterator();
      oldest.next();
      oldest.remove();
      state.totals.increment(Total.REQUESTS_FORGOTTEN);
    }
    var request = new OpenRequest(state.number, state.atMs);
    state.open.put(id.value(), request);
    return request;
  }

  private void end(RequestId id, Total how) {
    if (state.open.remove(id.value()) != null) {
      state.totals.increment(how);
    }
  }

  private static Counters<Tally> tally(SortedMap<String, Counters<Tally>> table, String name) {
    var known = table.get(name);
    return known != null
        ? known
        : table.computeIfAbsent(bounded(table, name), each -> new Counters<>(Tally.class));
  }

  private Counters<Learned> learned(ModelId model, NodeId node) {
    var byNode =
        state.learned.computeIfAbsent(
            bounded(state.learned, model.value()), each -> new TreeMap<>());
    return byNode.computeIfAbsent(
        bounded(byNode, node.value()), each -> new Counters<>(Learned.class));
  }

  private static String bounded(Map<String, ?> table, String name) {
    return table.size() < RoutingState.NAMES_MAX || table.containsKey(name)
        ? name
        : RoutingState.OTHER;
  }
}
