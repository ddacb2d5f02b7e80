package org.brokecluster.training;

import java.util.Locale;

/**
 * Whether predicted risks come true: risks are sorted into ten bins of equal width, and in each the
 * mean risk stands beside the share of answers that were not good. The calibration error is the
 * mean distance of the two, weighted by the answers of a bin (ECE). Not thread safe.
 */
final class Reliability {
  private static final int BINS = 10;

  private final long[] count = new long[BINS];
  private final double[] risks = new double[BINS];
  private final double[] failures = new double[BINS];

  /**
   * Counts an answer.
   *
   * @param risk that was predicted, 0 to 1
   * @param score how good it was, 0 to 1
   */
  void add(double risk, double score) {
    int bin = Math.min(BINS - 1, (int) (risk * BINS));
    count[bin]++;
    risks[bin] += risk;
    failures[bin] += 1 - score;
  }

  /** Number of answers. */
  long answers() {
    long sum = 0;
    for (long each : count) {
      sum += each;
    }
    return sum;
  }

  /** Expected calibration error, 0 to 1; NaN without answers. */
  double error() {
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      sum += Math.abs(risks[bin] - failures[bin]);
    }
    return answers() == 0 ? Double.NaN : sum / answers();
  }

  /** One cell for each bin: mean risk, share that failed, answers; a dash for an empty bin. */
  String cells() {
    var cells = new StringBuilder();
    for (int bin = 0; bin < BINS; bin++) {
      cells.append(" | ");
      if (count[bin] == 0) {
        cells.append('–');
      } else {
        double n = count[bin];
        cells.append(
            String.format(
                Locale.ROOT, "%.2f→%.2f (%d)", risks[bin] / n, failures[bin] / n, count[bin]));
      }
    }
    return cells.toString();
  }
}
