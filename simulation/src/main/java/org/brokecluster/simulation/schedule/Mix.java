package org.brokecluster.simulation.schedule;

import java.util.List;
import java.util.Random;

/**
 * Which models a load asks for.
 *
 * @param models their names, smallest first
 * @param weights how often each is asked for, at least 0, one of them above 0
 */
record Mix(List<String> models, List<Double> weights) {
  /** Copies the lists. */
  Mix {
    models = List.copyOf(models);
    weights = List.copyOf(weights);
    if (models.isEmpty() || models.size() != weights.size()) {
      throw new IllegalArgumentException("a mix needs a weight for each model");
    }
  }

  /** Draws a model. */
  String draw(Random random) {
    double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
    double at = random.nextDouble() * sum;
    for (int i = 0; i < models.size(); i++) {
      at -= weights.get(i);
      if (at < 0) {
        return models.get(i);
      }
    }
    return models.get(models.size() - 1);
  }
}
