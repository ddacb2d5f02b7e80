package org.brokecluster.simulation.schedule;

/**
 * How much of a load a fleet can serve under a policy: the highest rate of arrivals at which the
 * queue stays bounded, by bisection to 5 %.
 */
final class Capacity {
  private static final long[] SEEDS = {9_001, 9_002};
  private static final double PRECISION = 1.05;

  /** A queue that has grown to so many times what can be served at once will grow on. */
  private static final int OVERLOADED = 8;

  private static final int DOUBLINGS_MAX = 20;

  private final Bench bench;

  Capacity(Bench bench) {
    this.bench = bench;
  }

  /** Arrivals a second. */
  double of(Load load, Fleet fleet, PolicyKind policy, int requests) {
    double low = 0.01 / load.requestsPerArrival();
    double high = low;
    for (int i = 0; i < DOUBLINGS_MAX && bounded(load, fleet, policy, high, requests); i++) {
      low = high;
      high *= 2;
    }
    while (high / low > PRECISION) {
      double middle = Math.sqrt(low * high);
      if (bounded(load, fleet, policy, middle, requests)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private boolean bounded(Load load, Fleet fleet, PolicyKind policy, double rate, int requests) {
    int bounded = 0;
    int most = OVERLOADED * fleet.slots();
    for (long seed : SEEDS) {
      var tally = bench.play(load, fleet, policy, rate, requests, seed, most);
      bounded += tally.lastWaiting() <= most && tally.bounded() ? 1 : 0;
    }
    return bounded == SEEDS.length;
  }
}
