package org.brokecluster.coordinator.routing.scorer;

/** The weighted sum of the four terms, added in a fixed order. */
public record WeightedStrategy(String name, Weights weights) implements Strategy {
  @Override
  public double score(Contender contender, Contest contest) {
    return weights.quality() * contender.quality()
        + weights.speed() * contender.speed()
        + weights.cost() * contender.cost()
        + weights.load() * contender.load();
  }
}
