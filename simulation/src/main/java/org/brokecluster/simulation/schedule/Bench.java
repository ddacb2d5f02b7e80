package org.brokecluster.simulation.schedule;

import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.scorer.Strategies;

/** Plays single runs of the benchmark. Thread safe: runs share nothing. */
record Bench(RouterSettings settings, Strategies strategies) {
  /**
   * Plays one run.
   *
   * @param rate arrivals a second
   * @param requests about how many
   */
  Tally play(Load load, Fleet fleet, PolicyKind policy, double rate, int requests, long seed) {
    return play(load, fleet, policy, rate, requests, seed, Integer.MAX_VALUE);
  }

  /**
   * Plays one run, or a part of it.
   *
   * @param waitingMost requests that may wait; with one more the run is given up
   */
  Tally play(
      Load load,
      Fleet fleet,
      PolicyKind policy,
      double rate,
      int requests,
      long seed,
      int waitingMost) {
    var run = load.draw(seed, rate, requests, fleet.mixFor(load));
    return new Stage(fleet, run, policy.create(settings, strategies), seed).play(waitingMost);
  }
}
