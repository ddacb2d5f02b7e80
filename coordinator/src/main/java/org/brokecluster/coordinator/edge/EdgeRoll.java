package org.brokecluster.coordinator.edge;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which process of an edge can be reached how, and which ones there have been. Bounded; thread
 * safe.
 *
 * @param <R> what reaches an edge
 */
final class EdgeRoll<R> {
  private final int lostMax;
  private final Map<String, R> present = new HashMap<>();
  private final Set<String> lost = new LinkedHashSet<>();

  /** Knows nobody; remembers so many that are gone. */
  EdgeRoll(int lostMax) {
    this.lostMax = lostMax;
  }

  /** These are there now, by process; all others are not. */
  synchronized void seen(Map<String, R> edges) {
    for (var process : present.keySet()) {
      if (!edges.containsKey(process)) {
        lost.add(process);
      }
    }
    present.clear();
    present.putAll(edges);
    lost.removeAll(edges.keySet());
    Iterator<String> eldest = lost.iterator();
    while (lost.size() > lostMax) {
      eldest.next();
      eldest.remove();
    }
  }

  /** How to reach a process; null if it is not there. */
  synchronized @Nullable R find(String process) {
    return present.get(process);
  }

  /** Whether a process was there once and is not any more. */
  synchronized boolean isLost(String process) {
    return lost.contains(process);
  }
}
