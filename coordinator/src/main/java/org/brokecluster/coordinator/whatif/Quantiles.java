package org.brokecluster.coordinator.whatif;

import java.util.Collection;
import java.util.List;

/** Quantiles of figures. Pure. */
final class Quantiles {
  private Quantiles() {}

  static double median(Collection<Double> values) {
    return of(values.stream().sorted().toList(), 0.5);
  }

  /**
   * The nearest-rank quantile.
   *
   * @param sorted at least one, rising
   * @param share 0 to 1
   */
  static double of(List<Double> sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.get(Math.max(0, Math.min(sorted.size() - 1, rank - 1)));
  }
}
