package org.brokecluster.coordinator.history.learning;

/**
 * How much of a correction is worth applying, from 0 to 1, by what it would have been worth lately.
 * Five shares of the middle, from none to all, are compared: each has the distances that it would
 * have left, in usual distances and fading, and counts {@code exp(-sum)}; the mean of the shares so
 * weighed is what is applied (exponentially weighed experts, Cesa-Bianchi and Lugosi 2006, chapter
 * 2). While little is known, small shares are preferred. So a middle that noise or a burst has
 * moved is not followed, and one that stays is: what is told is never much worse than the
 * prediction itself. Not thread safe.
 */
final class CorrectionShare {
  private static final double[] SHARES = {0, 0.25, 0.5, 0.75, 1};

  /** What is left of an earlier distance after each further one. */
  private static final double LEFT = 0.95;

  /** Lead of each share over the next larger one, before the first error. */
  private static final double LEAD = 0.5;

  /** Largest distance that counts, and the smallest usual one, as a natural logarithm. */
  private static final double DISTANCE_MAX = 3;

  private static final double USUAL_MIN = 0.1;

  private final double[] lost = new double[SHARES.length];
  private double value;

  /** Nothing is known yet. */
  CorrectionShare() {
    for (int i = 0; i < lost.length; i++) {
      lost[i] = LEAD * i;
    }
    value = weighed();
  }

  /** One that begins with what is known here. */
  CorrectionShare copy() {
    var copy = new CorrectionShare();
    System.arraycopy(lost, 0, copy.lost, 0, lost.length);
    copy.value = value;
    return copy;
  }

  /**
   * An error shows what each share would have left of it.
   *
   * @param mid the correction as it was for this error
   * @param usual usual distance of an error from its correction
   */
  void add(double error, double mid, double usual) {
    double unit = Math.max(USUAL_MIN, usual);
    for (int i = 0; i < lost.length; i++) {
      double distance = Math.abs(error - SHARES[i] * mid) / unit;
      lost[i] = LEFT * lost[i] + Math.min(DISTANCE_MAX, distance);
    }
    value = weighed();
  }

  /** The share to apply, 0 to 1. */
  double value() {
    return value;
  }

  private double weighed() {
    double least = lost[0];
    for (double each : lost) {
      least = Math.min(least, each);
    }
    double weights = 0;
    double sum = 0;
    for (int i = 0; i < lost.length; i++) {
      double weight = StrictMath.exp(least - lost[i]);
      weights += weight;
      sum += weight * SHARES[i];
    }
    return sum / weights;
  }
}
