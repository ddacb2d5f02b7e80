package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;
import static org.brokecluster.coordinator.routing.Clusters.submission;

import java.util.List;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.Effect.Emit;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.NodeProtocol.TicketRefusal;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;

/** A core with the demo's settings, and short ways to drive it. */
abstract class RouterCoreCase {
  static final NodeState MINI = node("mini", model("small", Tier.BASIC, ModelState.LOADED, 1));
  static final NodeState BIG = node("studio", model("small", Tier.BASIC, ModelState.LOADED, 1));
  static final long SETTLED = 10_000;

  final RouterCore core = Clusters.core(Clusters.settings());

  List<Effect> submit(long millis, String request, int number) {
    return core.submit(at(millis), submission(attempt(request, number), facts("auto", 0.1)));
  }

  void submitOf(String trafficClass, String request) {
    core.submit(
        at(SETTLED),
        submission(attempt(request, 1), facts("auto", 0.1, Clusters.wishesOf(trafficClass))));
  }

  List<Effect> close(List<Effect> placed) {
    var ticket = only(placed, SendTicket.class);
    return core.attemptClosed(at(SETTLED + 100), ticket.attempt(), ticket.term(), ticket.number());
  }

  List<Effect> refuse(SendTicket ticket, TicketRefusal reason, long termSeen) {
    return core.ticketRefused(
        at(SETTLED), ticket.attempt(), ticket.term(), ticket.number(), reason, termSeen);
  }

  static <T> T only(List<Effect> effects, Class<T> type) {
    var found = effects.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).as("%s in %s", type.getSimpleName(), effects).hasSize(1);
    return found.get(0);
  }

  static List<RoutingEvent> events(List<Effect> effects) {
    return effects.stream()
        .filter(Emit.class::isInstance)
        .map(effect -> ((Emit) effect).event())
        .toList();
  }

  static List<String> changes(List<Effect> effects) {
    return events(effects).stream()
        .map(event -> ((RoutingEvent.NodeChanged) event).change())
        .toList();
  }

  /** An attempt whose runtime asked to be left alone for so long. */
  static AttemptReport rateLimited(String request, String node, String model, long forMs) {
    return new AttemptReport(
            attempt(request, 1),
            AttemptOutcome.FAILED,
            true,
            ModelId.of(model),
            NodeId.of(node),
            null,
            "rate_limited",
            Usage.NONE,
            null,
            20,
            null,
            AttemptFailure.Kind.RATE_LIMITED,
            null)
        .leavingAlone(forMs);
  }
}
