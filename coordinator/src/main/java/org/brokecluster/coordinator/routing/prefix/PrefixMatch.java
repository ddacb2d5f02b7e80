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
  static final PrefixMatch NONE = new PrefixMatch(Map.of(), Map.of());

  private final Map<Place, Hit> hits;
  private final Map<Place, PlaceCache> caches;

  /**
   * The longest beginning of the prompt that a place remembers.
   *
   * @param mark its fingerprint
   * @param tokens its length by the edge's estimate
   * @param counted what of it is counted on, after what the place was found to hold lately
   * @param whole whether it is a whole remembered prompt, which the new one takes the place of
   */
  record Hit(long mark, int tokens, int counted, boolean whole) {}

  PrefixMatch(Map<Place, Hit> hits, Map<Place, PlaceCache> caches) {
    this.hits = hits;
    this.caches = caches;
  }

  @Override
  public int tokens(Spot spot) {
    if (hits.isEmpty()) {
      return 0;
    }
    var hit = hits.get(new Place(spot.node(), spot.model()));
    return hit == null ? 0 : hit.counted();
  }

  @Override
  public int displaced(Spot spot) {
    if (caches.isEmpty()) {
      return 0;
    }
    var place = new Place(spot.node(), spot.model());
    var cache = caches.get(place);
    var hit = hits.get(place);
    return cache == null || (hit != null && hit.whole()) ? 0 : cache.nextToGo();
  }

  Hit hit(NodeId node, ModelId model) {
    return hits.getOrDefault(new Place(node, model), new Hit(0, 0, 0, false));
  }
}
