package org.brokecluster.coordinator.routing;

import java.util.HashMap;
import java.util.Map;
import org.brokecluster.coordinator.routing.queue.QueueSettings;
import org.brokecluster.coordinator.routing.state.NodeSpots;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;

/**
 * Gathers requests by model, so that a node does not load and unload for each of them. A request
 * whose model would have to take the memory of another one is overtaken by those that wait for the
 * other one, but only so often and for so long; then the node is kept for it: what runs there ends,
 * nothing else begins, and the model is loaded. Pure: all it knows stands in the requests.
 */
final class Gathering {
  private final QueueSettings settings;

  Gathering(QueueSettings settings) {
    this.settings = settings;
  }

  /** Whether a model, to run on the node, would have to take the memory of others. */
  static boolean evicts(NodeSpots node, ModelId model) {
    for (var spot : node.spots()) {
      if (spot.model().equals(model)) {
        return spot.state() == ModelState.DISK && !node.fitsBeside(spot);
      }
    }
    return false;
  }

  /** Whether the request may still be overtaken. */
  boolean patient(PlacedRequest request, long nowMs) {
    return request.overtaken() < settings.overtakenMost()
        && request.wantsRoomFor(nowMs) < settings.overtakenFor().toMillis();
  }

  /** Whether somebody waits for a model that is in memory on the node, other than this one. */
  static boolean othersWait(NodeSpots node, ModelId model, Iterable<PlacedRequest> waiting) {
    for (var request : waiting) {
      var awaited = request.awaited();
      if (awaited != null
          && awaited.node().equals(node.state().name())
          && !awaited.model().equals(model)
          && awaited.state() == ModelState.LOADED) {
        return true;
      }
    }
    return false;
  }

  /** A model has been given a place on a node: who waits for room there is overtaken. */
  static void overtake(NodeId node, ModelId model, Iterable<PlacedRequest> waiting) {
    for (var request : waiting) {
      var awaited = request.awaited();
      if (awaited != null
          && request.wantsRoom()
          && awaited.node().equals(node)
          && !awaited.model().equals(model)) {
        request.overtake();
      }
    }
  }

  /** Nodes that gather room, each with the model of the request that has waited for it longest. */
  Map<NodeId, ModelId> kept(Iterable<PlacedRequest> waiting, long nowMs) {
    var kept = new HashMap<NodeId, ModelId>();
    var since = new HashMap<NodeId, Long>();
    for (var request : waiting) {
      var awaited = request.awaited();
      if (awaited == null || !request.wantsRoom() || patient(request, nowMs)) {
        continue;
      }
      long waits = request.wantsRoomFor(nowMs);
      if (waits > since.getOrDefault(awaited.node(), -1L)) {
        since.put(awaited.node(), waits);
        kept.put(awaited.node(), awaited.model());
      }
    }
    return kept;
  }
}
