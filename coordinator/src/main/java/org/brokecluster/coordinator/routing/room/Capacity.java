package org.brokecluster.coordinator.routing.room;

import java.util.HashMap;
import java.util.Map;
import org.brokecluster.coordinator.routing.state.NodeSpots;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.coordinator.routing.state.Snapshot;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;

/** How many answers the nodes of one snapshot may make at once. Immutable. */
final class Capacity {
  private final RoomSettings settings;
  private final int total;
  private final Map<ModelId, Integer> slots = new HashMap<>();

  Capacity(Snapshot snapshot, RoomSettings settings) {
    this.settings = settings;
    int widest = 0;
    for (var node : snapshot.nodes()) {
      if (node.state().reach() == Reach.UP && !node.state().draining()) {
        widest += streams(node);
        node.spots().forEach(this::count);
      }
    }
    this.total = settings.bySlots() ? Math.max(settings.total(), widest) : settings.total();
  }

  private void count(Spot spot) {
    if (isResident(spot)) {
      slots.merge(spot.model(), spot.slots(), Integer::sum);
    }
  }

  /** Answers at once in the cluster. */
  int total() {
    return total;
  }

  /** Answers at once on a node. */
  int of(NodeSpots node) {
    return settings.bySlots() ? Math.max(settings.perNode(), streams(node)) : settings.perNode();
  }

  /** Streams that the models in memory run side by side, or else its widest model. */
  private static int streams(NodeSpots node) {
    return Math.max(node.streams(), node.widest());
  }

  /** Answers a node can make at once with the models it has in memory; at least 1. */
  int places(NodeSpots node) {
    return Math.max(1, Math.min(of(node), node.streams()));
  }

  private static boolean isResident(Spot spot) {
    return spot.state() == ModelState.LOADED || spot.state() == ModelState.LOADING;
  }

  /** Slots of a model on all nodes that have it in memory, or those of the spot if none has. */
  int of(Spot spot) {
    return slots.getOrDefault(spot.model(), spot.slots());
  }
}
