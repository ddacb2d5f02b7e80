package org.brokecluster.coordinator.routing.scorer;

import java.util.List;
import java.util.Map;

/**
 * How much each term counts; normalised so that they sum to 1.
 *
 * @param quality weight of a low quality temperature
 * @param speed weight of a short time
 * @param cost weight of a small model
 * @param load weight of an idle node
 */
public record Weights(double quality, double speed, double cost, double load) {
  private static final List<String> TERMS = List.of("quality", "speed", "cost", "load");

  /** Normalises the weights. */
  public Weights {
    double sum = quality + speed + cost + load;
    if (!(quality >= 0 && speed >= 0 && cost >= 0 && load >= 0) || !(sum > 0)) {
      throw new IllegalArgumentException(
          "weights must be at least 0 and one of them above 0, terms: " + TERMS);
    }
    quality /= sum;
    speed /= sum;
    cost /= sum;
    load /= sum;
  }

  /**
   * Weights by name; a term that is not named counts nothing.
   *
   * @throws IllegalArgumentException if a name is unknown or no weight is above 0
   */
  public static Weights of(Map<String, Double> byName) {
    for (var name : byName.keySet()) {
      if (!TERMS.contains(name)) {
        throw new IllegalArgumentException("unknown term \"" + name + "\", terms: " + TERMS);
      }
    }
    return new Weights(
        byName.getOrDefault("quality", 0.0),
        byName.getOrDefault("speed", 0.0),
        byName.getOrDefault("cost", 0.0),
        byName.getOrDefault("load", 0.0));
  }

  /** By the names of the terms. */
  public Map<String, Double> byName() {
    return Map.of("quality", quality, "speed", speed, "cost", cost, "load", load);
  }
}
