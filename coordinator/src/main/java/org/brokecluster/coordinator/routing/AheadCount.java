package org.brokecluster.coordinator.routing;

import java.util.HashMap;
import java.util.Map;
import org.brokecluster.coordinator.routing.decision.Board.Ahead;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.TrafficClass;

/** Counts requests of the queue by the place they wait for, in the order they are added. */
final class AheadCount implements Ahead {
  private final Map<NodeId, Map<ModelId, Integer>> counts = new HashMap<>();

  /** Counts everything that is served before a newcomer of this class. */
  static AheadCount before(TrafficClass newcomer, Iterable<PlacedRequest> inOrder) {
    var count = new AheadCount();
    for (var request : inOrder) {
      if (request.trafficClass().compareTo(newcomer) <= 0) {
        count.add(request);
      }
    }
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
