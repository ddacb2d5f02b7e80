package org.brokecluster.coordinator.http.api;

import java.util.List;

/**
 * Whether a model can answer right now, and how the parts behind it are doing.
 *
 * @param ready whether a request for {@code auto} would be answered
 * @param reasons why not, for people; empty when ready
 * @param nodes members that take requests
 * @param models servable models
 * @param coordinator name of the coordinator that decides, or empty if none is known
 * @param history state of the routing history: {@code ok}, {@code behind}, {@code gap}, {@code off}
 *     or {@code unknown}
 * @param historyBacklog events not yet stored
 * @param historyLost events given up since the term began
 */
public record Readiness(
    boolean ready,
    List<String> reasons,
    int nodes,
    int models,
    String coordinator,
    String history,
    long historyBacklog,
    long historyLost) {
  /** Copies the list. */
  public Readiness {
    reasons = List.copyOf(reasons);
  }
}
