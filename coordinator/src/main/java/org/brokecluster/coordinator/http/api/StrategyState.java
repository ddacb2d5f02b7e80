package org.brokecluster.coordinator.http.api;

import java.util.List;

/**
 * The strategy for requests that name none.
 *
 * @param strategies every strategy that can be chosen
 */
public record StrategyState(String strategy, List<String> strategies) {
  /** Copies the list. */
  public StrategyState {
    strategies = List.copyOf(strategies);
  }
}
