package org.brokecluster.coordinator.routing;

import java.util.HashMap;
import java.util.Map;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/** Places left alone for a moment because their node refused a ticket. Bounded by what exists. */
final class Rests {
  private final long lengthMs;
  private final Map<NodeId, Map<ModelId, Long>> until = new HashMap<>();

  Rests(long lengthMs) {
    this.lengthMs = lengthMs;
  }

  void add(NodeId node, ModelId model, long nowMillis) {
    until.computeIfAbsent(node, key -> new HashMap<>()).put(model, nowMillis + lengthMs);
  }

  boolean rests(Spot spot, long nowMillis) {
    if (until.isEmpty()) {
      return false;
    }
    var end = until.getOrDefault(spot.node(), Map.of()).get(spot.model());
    return end != null && end > nowMillis;
  }

  void clean(long nowMillis) {
    until.values().forEach(models -> models.values().removeIf(end -> end <= nowMillis));
    until.values().removeIf(Map::isEmpty);
  }
}
