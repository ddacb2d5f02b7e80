package org.brokecluster.tests.bench;

import java.util.Arrays;

/** Measured times in nanoseconds. Not thread safe. */
final class Samples {
  private long[] values = new long[1_024];
  private int count;

  void add(long nanos) {
    if (count == values.length) {
      values = Arrays.copyOf(values, count * 2);
    }
    values[count++] = nanos;
  }

  int count() {
    return count;
  }

  /**
   * The value below which this share of all lies.
   *
   * @param share 0 to 1
   * @return in ms; not a number while there is no value
   */
  double millis(double share) {
    if (count == 0) {
      return Double.NaN;
    }
    var sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1, Math.floor(share * count))] / 1e6;
  }
}
