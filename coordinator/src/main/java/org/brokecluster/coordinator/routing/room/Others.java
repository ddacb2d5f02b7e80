package org.brokecluster.coordinator.routing.room;

import java.util.EnumMap;
import java.util.Map;
import org.brokecluster.coordinator.routing.queue.Flow;
import org.brokecluster.protocol.router.TrafficClass;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether somebody else is about. Two flows of each class are enough to know: of the two seen
 * last, at least one is somebody else. Not thread safe.
 */
final class Others {
  private final long windowMs;
  private final Map<TrafficClass, Pair> lately = new EnumMap<>(TrafficClass.class);

  private record Pair(Flow last, long lastMs, @Nullable Flow other, long otherMs) {
    Pair then(Flow flow, long nowMs) {
      return flow.equals(last)
          ? new Pair(last, nowMs, other, otherMs)
          : new Pair(flow, nowMs, last, lastMs);
    }
  }

  Others(long windowMs) {
    this.windowMs = windowMs;
  }

  /** A request of this flow comes, or ends. */
  void seen(Flow flow, long nowMs) {
    var pair = lately.get(flow.trafficClass());
    lately.put(
        flow.trafficClass(),
        pair == null ? new Pair(flow, nowMs, null, 0) : pair.then(flow, nowMs));
  }

  /**
   * Whether another flow that room is left to has been seen lately: a more urgent one, or one of
   * another person. Agents and batches leave none to their like, whom nobody watches: taking turns
   * is enough, and room kept free would send conversations away from the caches that know them.
   */
  boolean beside(Flow flow, long nowMs) {
    var own = flow.trafficClass();
    for (var pair : lately.values()) {
      int later = pair.last().trafficClass().compareTo(own);
      if (later > 0 || (later == 0 && own != TrafficClass.INTERACTIVE)) {
        continue;
      }
      boolean last = !pair.last().equals(flow) && nowMs - pair.lastMs() < windowMs;
      var second = pair.other();
      boolean other = second != null && !second.equals(flow) && nowMs - pair.otherMs() < windowMs;
      if (last || other) {
        return true;
      }
    }
    return false;
  }
}
