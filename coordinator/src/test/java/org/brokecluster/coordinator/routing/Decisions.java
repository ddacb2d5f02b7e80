package org.brokecluster.coordinator.routing;

import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.submission;

import java.util.List;
import org.brokecluster.coordinator.routing.Effect.ReplyRefused;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.decision.Explanation;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RequestFacts;

/** Short ways to ask a core where a single request goes, for tests. */
final class Decisions {
  static final long SETTLED = 10_000;

  private Decisions() {}

  static RouterCore demo() {
    return core(Clusters.demo().toArray(new NodeState[0]));
  }

  static RouterCore core(NodeState... nodes) {
    var core = Clusters.core(Clusters.settings());
    List.of(nodes).forEach(each -> core.nodeChanged(at(0), each));
    return core;
  }

  static SendTicket ticket(RouterCore core, String request, RequestFacts facts) {
    return find(core.submit(at(SETTLED), submission(attempt(request, 1), facts)), SendTicket.class);
  }

  /** Where a single request goes; its slot is free again afterwards. */
  static Placement place(RouterCore core, RequestFacts facts) {
    var ticket = ticket(core, "single", facts);
    core.withdraw(at(SETTLED), RequestId.of("single"));
    return ticket.placement();
  }

  static ReplyRefused refuse(RouterCore core, RequestFacts facts) {
    return find(
        core.submit(at(SETTLED), submission(attempt("refused", 1), facts)), ReplyRefused.class);
  }

  static Explanation explain(RouterCore core, String request) {
    return core.explain(RequestId.of(request)).orElseThrow();
  }

  static <T> T find(List<Effect> effects, Class<T> type) {
    return effects.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " in " + effects));
  }
}
