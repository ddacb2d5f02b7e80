package org.brokecluster.coordinator.routing;

import java.util.TreeMap;
import org.brokecluster.protocol.state.QueueStatus;

/** Sums up how full a router is. */
final class QueueView {
  private static final int NODES_MAX = 50;
  private static final long SECOND_MS = 1_000;

  private QueueView() {}

  /** As it is now. */
  static QueueStatus of(RouterState state, Moment now) {
    var byClass = new TreeMap<String, Integer>();
    var byNode = new TreeMap<String, Integer>();
    long oldest = 0;
    for (var request : state.queue.inArrival()) {
      byClass.merge(request.flow().trafficClass().label(), 1, Integer::sum);
      oldest = Math.max(oldest, now.millis() - request.sinceMillis());
      var awaited = request.awaited();
      if (awaited != null) {
        var name = awaited.node().value();
        if (byNode.size() < NODES_MAX || byNode.containsKey(name)) {
          byNode.merge(name, 1, Integer::sum);
        }
      }
    }
    return new QueueStatus(
        state.settings.queue().size(),
        state.room.limit(),
        byClass,
        byNode,
        oldest / SECOND_MS * SECOND_MS,
        (int) Math.floor(state.retries.left()),
        state.retries.denied(),
        state.breakers.openCount(now.wallMillis()),
        state.prefixes.size());
  }
}
