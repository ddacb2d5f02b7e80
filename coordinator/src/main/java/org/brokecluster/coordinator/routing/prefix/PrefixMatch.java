package org.brokecluster.coordinator.routing.prefix;

import java.util.Map;
import org.brokecluster.coordinator.routing.decision.Board;
import org.brokecluster.coordinator.routing.prefix.PlaceCache.Place;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/** How much of one prompt each place is believed to have read before. */
public final class PrefixMatch implements Board.Cached {
  /** Nothing known. */
  static final PrefixMatch NONE = new PrefixMatch(Map.of());

  private final Map<Place, Hit> hits;

  /**
   * The longest beginning of the prompt that a place remembers.
   *
   * @param mark its fingerprint
   * @param tokens its length by the edge's estimate
   * @param counted what of it is counted on, after what the place was found to hold lately
   */
  record Hit(long mark, int tokens, int counted) {}

  PrefixMatch(Map<Place, Hit> hits) {
    this.hits = hits;
  }

  @Override
  public int tokens(Spot spot) {
    if (hits.isEmpty()) {
      return 0;
    }
    var hit = hits.get(new Place(spot.node(), spot.model()));
    return hit == null ? 0 : hit.counted();
  }

  Hit hit(NodeId node, ModelId model) {
    return hits.getOrDefault(new Place(node, model), new Hit(0, 0, 0));
  }
}
