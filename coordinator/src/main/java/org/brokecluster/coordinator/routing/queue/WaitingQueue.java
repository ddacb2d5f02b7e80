package org.brokecluster.coordinator.routing.queue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.TrafficClass;

/**
 * Requests without a slot: first the interactive ones, then those of agents, then batches; within a
 * class in order of arrival. Bounded. Not thread safe.
 *
 * @param <W> what waits
 */
public final class WaitingQueue<W extends Waiter> {
  private final int capacity;
  private final Map<TrafficClass, SortedMap<Long, W>> lines = new EnumMap<>(TrafficClass.class);
  private final Map<RequestId, W> byRequest = new HashMap<>();

  /** A queue for at most this many requests. */
  public WaitingQueue(int capacity) {
    this.capacity = capacity;
    for (var each : TrafficClass.values()) {
      lines.put(each, new TreeMap<>());
    }
  }

  /** Whether the next {@link #offer} would be refused. */
  public boolean isFull() {
    return byRequest.size() >= capacity;
  }

  /** Requests that wait. */
  public int size() {
    return byRequest.size();
  }

  /** Whether this request waits. */
  public boolean contains(RequestId request) {
    return byRequest.containsKey(request);
  }

  /** Adds a request at the end of its class; false if the queue is full. */
  public boolean offer(W waiter) {
    if (isFull()) {
      return false;
    }
    putBack(waiter);
    return true;
  }

  /**
   * Adds a request that had a place already, according to its arrival and even where the queue is
   * full: there are never more of these than slots.
   *
   * @throws IllegalStateException if the request waits already
   */
  public void putBack(W waiter) {
    if (byRequest.putIfAbsent(waiter.request(), waiter) != null) {
      throw new IllegalStateException("request waits already: " + waiter.request());
    }
    line(waiter).put(waiter.arrival(), waiter);
  }

  /** Removes a request; false if it did not wait. */
  public boolean remove(RequestId request) {
    var waiter = byRequest.remove(request);
    if (waiter == null) {
      return false;
    }
    line(waiter).remove(waiter.arrival());
    return true;
  }

  /** Place of a request, from 1; 0 if it does not wait. */
  public int position(RequestId request) {
    var waiter = byRequest.get(request);
    if (waiter == null) {
      return 0;
    }
    int before = 0;
    for (var each : TrafficClass.values()) {
      if (each == waiter.trafficClass()) {
        return before + line(waiter).headMap(waiter.arrival()).size() + 1;
      }
      before += lines.getOrDefault(each, new TreeMap<>()).size();
    }
    return before + 1;
  }

  /** Everything that waits, in the order in which it is served. */
  public List<W> inOrder() {
    var all = new ArrayList<W>(byRequest.size());
    lines.values().forEach(line -> all.addAll(line.values()));
    return all;
  }

  /** Requests whose time is over, in the order in which they would have been served. */
  public List<W> expired(long nowMillis) {
    var expired = new ArrayList<W>();
    for (var line : lines.values()) {
      for (var waiter : line.values()) {
        if (waiter.deadlineMillis() <= nowMillis) {
          expired.add(waiter);
        }
      }
    }
    return expired;
  }

  private SortedMap<Long, W> line(W waiter) {
    return lines.computeIfAbsent(waiter.trafficClass(), key -> new TreeMap<>());
  }
}
