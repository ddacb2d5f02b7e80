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
  private final Map<NodeId, ModelId> busy = new HashMap<>();
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
        holding.busy.put(ticket.node(), ticket.model());
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

  /** Whether it keeps another model than this one busy on the node. */
  boolean otherBusy(NodeId node, ModelId model) {
    var own = busy.get(node);
    return own != null && !own.equals(model);
  }

  int of(ModelId model) {
    return models.getOrDefault(model, 0);
  }
}
