package org.brokecluster.coordinator.routing.placement;

import org.brokecluster.protocol.id.ModelId;

/**
 * What is expected of one model in the hour to come.
 *
 * <p>With {@code n} requests in the hour, {@code s} the time one takes alone, {@code g} how many
 * times as much a copy makes with all its streams as with one, and {@code k} copies in memory:
 *
 * <pre>
 * waiting(0) = (1 - e^-n) load + waiting(1)         somebody is the first, and waits for the load
 * waiting(k) = n x s/g x r / (1 - r) / k            r = n s / (3600 g k), at most 0.97
 * </pre>
 *
 * <p>The second line is the wait of a queue with random arrivals and service times (M/M/1), each
 * copy taking its part.
 *
 * @param lately requests in an hour, as they come at the moment
 * @param usually requests in the coming hour, as on other days; 0 if unknown
 * @param serviceSeconds time that one takes alone, 0 if unknown
 * @param gain how many times as much a copy makes with all streams as with one, at least 1
 * @param copies nodes that have it in memory or are loading it
 */
public record Expected(
    ModelId model, double lately, double usually, double serviceSeconds, double gain, int copies) {
  private static final double HOUR_SECONDS = 3_600;
  private static final double BUSIEST = 0.97;

  /** Requests in the hour to come. */
  public double requests() {
    return Math.max(lately, usually);
  }

  /** Probability that at least one comes, if they come at random. */
  double anybody() {
    return 1 - Math.exp(-requests());
  }

  /** Share of the copies' time that is taken. */
  public double busy(int count) {
    return Math.min(
        BUSIEST, requests() * serviceSeconds / (HOUR_SECONDS * gain * Math.max(1, count)));
  }

  /**
   * Waiting of all requests together, in seconds, with so many copies.
   *
   * @param loadSeconds time until the first copy would be in memory
   */
  double waiting(int count, double loadSeconds) {
    int serving = Math.max(1, count);
    double r = busy(serving);
    double queue = requests() * serviceSeconds / gain * r / (1 - r) / serving;
    return queue + (count > 0 ? 0 : anybody() * loadSeconds);
  }

  Expected with(int count) {
    return new Expected(model, lately, usually, serviceSeconds, gain, count);
  }
}
