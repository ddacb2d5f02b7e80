package org.brokecluster.training;

import java.util.Random;
import java.util.function.ToDoubleFunction;

/** How much a figure would vary with other samples of the same size. */
final class Bootstrap {
  private static final long SEED = 1;

  private Bootstrap() {}

  /**
   * Standard deviation of a figure over samples drawn with replacement.
   *
   * @param size of the data
   * @param rounds samples that are drawn
   * @param figure of the rows with these numbers
   */
  static double spread(int size, int rounds, ToDoubleFunction<int[]> figure) {
    var random = new Random(SEED);
    double sum = 0;
    double squares = 0;
    for (int round = 0; round < rounds; round++) {
      double value = figure.applyAsDouble(random.ints(size, 0, size).toArray());
      sum += value;
      squares += value * value;
    }
    double mean = sum / rounds;
    return Math.sqrt(Math.max(0, squares / rounds - mean * mean));
  }
}
