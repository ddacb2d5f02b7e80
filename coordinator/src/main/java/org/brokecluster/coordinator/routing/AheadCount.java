package org.brokecluster.coordinator.routing;

import java.util.HashMap;
import java.util.Map;
import org.brokecluster.coordinator.routing.decision.Board.Ahead;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/** Counts requests of the queue by the place they wait for, in the order they are added. */
final class AheadCount implements Ahead {
  /** For whoever is served before all others. */
  static final AheadCount NOBODY = new AheadCount();

  private final Map<NodeId, Map<ModelId, Integer>> counts = new HashMap<>();

  /** Counts these. */
  static AheadCount of(Iterable<PlacedRequest> before) {
    var count = new AheadCount();
    before.forEach(count::add);
    return count;
  }

  void add(PlacedRequest request) {
    var spot = request.awaited();
    if (spot != null) {
      counts
          .computeIfAbsent(spot.node(), key -> new HashMap<>())
          .merge(spot.model(), 1, Integer::sum);
    }
  }

  @Override
  public int of(Spot spot) {
    return counts.isEmpty()
        ? 0
        : counts.getOrDefault(spot.node(), Map.of()).getOrDefault(spot.model(), 0);
  }
}
