package org.brokecluster.coordinator.routing;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/**
 * When it is worth coming back after a refusal for want of room, in milliseconds. The time until so
 * many places in the queue are free follows from how fast those who wait will be served, place by
 * place: {@code slots / mean time of an answer}. Whoever was sent away shortly before and has not
 * come back yet is counted too, so that those who are sent away together do not come back together.
 * Never more of these are counted than may wait, so that the longest time told is that of draining
 * a full queue, however often somebody asks.
 */
final class Drain {
  /** Shortest time told. */
  static final long MIN_MS = 1_000;

  /** Longest time told. */
  static final long MAX_MS = 600_000;

  private record Lane(NodeId node, ModelId model) {}

  private static final class Work {
    private int slots;
    private int count;
    private double serviceMs;
  }

  private final int promisesMax;
  private final ArrayDeque<Long> promises = new ArrayDeque<>();

  /** With room for so many who were sent away. */
  Drain(int promisesMax) {
    this.promisesMax = promisesMax;
  }

  /**
   * When to come back.
   *
   * @param waiting everybody who waits
   * @param there the places of which any would do
   * @param otherwise what to say where nobody waits for such a place
   */
  long retryAfterMs(
      Iterable<PlacedRequest> waiting, Predicate<Spot> there, long otherwise, long nowMs) {
    promises.removeIf(until -> until <= nowMs);
    double perMs = rate(waiting, there);
    double wait = perMs > 0 ? (promises.size() + 1) / perMs : otherwise;
    long told = Math.max(MIN_MS, Math.min(MAX_MS, (long) Math.ceil(wait)));
    if (promises.size() < promisesMax) {
      promises.add(nowMs + told);
    }
    return told;
  }

  /** Requests served from the queue in a millisecond. */
  private static double rate(Iterable<PlacedRequest> waiting, Predicate<Spot> there) {
    var lanes = new LinkedHashMap<Lane, Work>();
    for (var request : waiting) {
      var spot = request.awaited();
      if (spot != null && there.test(spot)) {
        var work = lanes.computeIfAbsent(new Lane(spot.node(), spot.model()), key -> new Work());
        work.slots = spot.slots();
        work.count++;
        work.serviceMs += request.serviceMs();
      }
    }
    return sum(lanes);
  }

  private static double sum(Map<Lane, Work> lanes) {
    double sum = 0;
    for (var work : lanes.values()) {
      sum += work.slots * work.count / Math.max(1, work.serviceMs);
    }
    return sum;
  }
}
