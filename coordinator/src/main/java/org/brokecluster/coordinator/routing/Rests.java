package org.brokecluster.coordinator.routing;

import java.util.HashMap;
import java.util.Map;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/**
 * Places left alone for a moment because their node refused a ticket, or their runtime asked for
 * it. Bounded by what exists.
 */
final class Rests {
  private static final long ASKED_MAX_MS = 60_000;

  private final long lengthMs;
  private final Map<NodeId, Map<ModelId, Long>> until = new HashMap<>();

  Rests(long lengthMs) {
    this.lengthMs = lengthMs;
  }

  /** The node refused a ticket for the model. */
  void add(NodeId node, ModelId model, long nowMillis) {
    add(node, model, nowMillis, lengthMs);
  }

  /** The model's runtime asked to be left alone for so long; {@value #ASKED_MAX_MS} ms at most. */
  void asked(NodeId node, ModelId model, long nowMillis, long forMs) {
    add(node, model, nowMillis, Math.min(forMs, ASKED_MAX_MS));
  }

  private void add(NodeId node, ModelId model, long nowMillis, long forMs) {
    until.computeIfAbsent(node, key -> new HashMap<>()).merge(model, nowMillis + forMs, Math::max);
  }

  boolean rests(Spot spot, long nowMillis) {
    if (until.isEmpty()) {
      return false;
    }
    var end = until.getOrDefault(spot.node(), Map.of()).get(spot.model());
    return end != null && end > nowMillis;
  }

  /** Time until the place may be used again, in milliseconds; 0 if it may. */
  long leftMs(Spot spot, long nowMillis) {
    var end = until.getOrDefault(spot.node(), Map.of()).get(spot.model());
    return end == null ? 0 : Math.max(0, end - nowMillis);
  }

  void clean(long nowMillis) {
    until.values().forEach(models -> models.values().removeIf(end -> end <= nowMillis));
    until.values().removeIf(Map::isEmpty);
  }
}
