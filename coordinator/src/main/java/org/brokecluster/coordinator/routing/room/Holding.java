package org.brokecluster.coordinator.routing.room;

import java.util.HashMap;
import java.util.Map;
import org.brokecluster.coordinator.routing.ledger.Ledger;
import org.brokecluster.coordinator.routing.queue.Flow;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/** The places that one flow holds now. */
final class Holding {
  private final Map<NodeId, Integer> nodes = new HashMap<>();
  private final Map<ModelId, Integer> models = new HashMap<>();
  private int total;

  private Holding() {}

  /** Counts the flow's tickets. */
  static Holding of(Flow flow, Ledger ledger) {
    var holding = new Holding();
    for (var ticket : ledger.tickets()) {
      if (ticket.flow().equals(flow)) {
        holding.total++;
        holding.nodes.merge(ticket.node(), 1, Integer::sum);
        holding.models.merge(ticket.model(), 1, Integer::sum);
      }
    }
    return holding;
  }

  int total() {
    return total;
  }

  int on(NodeId node) {
    return nodes.getOrDefault(node, 0);
  }

  int of(ModelId model) {
    return models.getOrDefault(model, 0);
  }
}
