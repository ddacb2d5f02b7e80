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

  /** Whether another flow, at least as urgent, has been seen lately. */
  boolean beside(Flow flow, long nowMs) {
    for (var pair : lately.values()) {
      if (pair.last().trafficClass().compareTo(flow.trafficClass()) > 0) {
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
