package org.brokecluster.coordinator.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.RequestFacts;

/** A router with nodes that answer exactly as predicted, in virtual time. */
final class VirtualCluster {
  private static final long TICK_MS = 250;

  final RouterCore core;

  /** Time from a request's submission to its first token, by request. */
  final Map<RequestId, Long> firstTokens = new HashMap<>();

  /** Every ticket, in the order they were sent. */
  final List<SendTicket> tickets = new ArrayList<>();

  final List<Effect.ReplyRefused> refusals = new ArrayList<>();

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Map<RequestId, Long> submitted = new HashMap<>();
  private final Map<AttemptId, RequestFacts> asked = new HashMap<>();
  private long now;
  private long count;
  private Consumer<SendTicket> onTicket = ticket -> {};

  private record Event(long at, long number, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  VirtualCluster(RouterSettings settings, List<NodeState> nodes) {
    core = Clusters.core(settings);
    nodes.forEach(node -> core.nodeChanged(Clusters.at(0), node));
    now = 10_000;
    at(now + TICK_MS, this::tick);
  }

  /** Called for every ticket, when it is sent. */
  void onTicket(Consumer<SendTicket> listener) {
    onTicket = listener;
  }

  long now() {
    return now;
  }

  void at(long millis, Runnable what) {
    events.add(new Event(millis, count++, what));
  }

  /** Submits a request at some time. */
  void submit(long millis, String request, RequestFacts facts) {
    submit(millis, request, facts, 600_000);
  }

  void submit(long millis, String request, RequestFacts facts, long remainingMs) {
    at(
        millis,
        () -> {
          var attempt = Clusters.attempt(request, 1);
          submitted.putIfAbsent(attempt.request(), now);
          asked.put(attempt, facts);
          handle(
              core.submit(
                  Clusters.at(now),
                  new Submission(
                      attempt, facts, remainingMs, List.of(), null, 0, Clusters.Edge.HERE)));
        });
  }

  /** Lets time pass. */
  void runUntil(long millis) {
    while (!events.isEmpty() && events.peek().at() <= millis) {
      var next = events.remove();
      now = next.at();
      next.what().run();
    }
    now = millis;
  }

  private void tick() {
    handle(core.tick(Clusters.at(now)));
    at(now + TICK_MS, this::tick);
  }

  void handle(List<Effect> effects) {
    for (var effect : effects) {
      if (effect instanceof SendTicket ticket) {
        answer(ticket);
      } else if (effect instanceof Effect.ReplyRefused refused) {
        refusals.add(refused);
      }
    }
  }

  private void answer(SendTicket ticket) {
    tickets.add(ticket);
    onTicket.accept(ticket);
    var request = ticket.attempt().request();
    long first = now + ticket.placement().firstTokenMs();
    at(first, () -> firstTokens.putIfAbsent(request, now - submitted.getOrDefault(request, now)));
    at(now + Math.max(1, ticket.placement().finishMs()), () -> end(ticket));
  }

  private void end(SendTicket ticket) {
    var facts = asked.get(ticket.attempt());
    var placement = ticket.placement();
    var usage = new Usage(facts.promptTokens(), facts.expectedTokens(), 0);
    var report =
        new AttemptReport(
            ticket.attempt(),
            AttemptOutcome.COMPLETED,
            true,
            placement.model(),
            ticket.node(),
            "stop",
            null,
            usage,
            placement.queuedMs() + placement.firstTokenMs(),
            placement.queuedMs() + placement.finishMs(),
            placement.finishMs() - placement.firstTokenMs(),
            null,
            null);
    handle(core.report(Clusters.at(now), report, Clusters.Edge.HERE));
    handle(core.attemptClosed(Clusters.at(now), ticket.attempt(), ticket.term(), ticket.number()));
  }
}
