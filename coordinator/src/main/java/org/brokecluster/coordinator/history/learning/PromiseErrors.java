package org.brokecluster.coordinator.history.learning;

/**
 * How far promised times are off, as they were told and as they were predicted: the mean of the
 * absolute {@link PhaseCalibration#logRatio}, over about the last hundred. Not thread safe.
 */
final class PromiseErrors {
  private static final double RECENT = 0.01;

  private long count;
  private double told;
  private double predicted;

  /** A time of this length had been told and predicted; all in milliseconds. */
  void add(double realMs, double toldMs, double predictedMs) {
    count++;
    double rate = Math.max(RECENT, 1.0 / count);
    told += rate * (Math.abs(PhaseCalibration.logRatio(realMs, toldMs)) - told);
    predicted += rate * (Math.abs(PhaseCalibration.logRatio(realMs, predictedMs)) - predicted);
  }

  /** Times that came. */
  long count() {
    return count;
  }

  /** How far those were off that were told, as a share of the time; 0 before the first. */
  double told() {
    return share(told);
  }

  /** How far those were off that were predicted, as a share of the time; 0 before the first. */
  double predicted() {
    return share(predicted);
  }

  private static double share(double ln) {
    return Math.round(1000 * (StrictMath.exp(ln) - 1)) / 1000.0;
  }
}
