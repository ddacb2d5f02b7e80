package org.brokecluster.coordinator.routing.scorer;

import org.brokecluster.shared.plugin.Plugin;

/**
 * Ranks contenders. Pure and thread safe: equal arguments give equal scores, so that a replay
 * decides as the router did. Own ones are found by {@link java.util.ServiceLoader}.
 */
public interface Strategy extends Plugin {
  /**
   * Score of a contender, higher is better; equal scores are decided by model, then node.
   *
   * @return a finite number, 0 to 1 by convention
   */
  double score(Contender contender, Contest contest);

  /** Whether a request waits for the best contender when it is busy and another one is free. */
  default boolean waitsForBetter() {
    return true;
  }
}
