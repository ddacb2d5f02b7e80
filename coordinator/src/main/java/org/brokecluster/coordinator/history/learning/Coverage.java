package org.brokecluster.coordinator.history.learning;

/**
 * How wide an interval must be to hold the share of values that was promised. Each end is moved a
 * little by every value: outwards by one beyond it, inwards by one within, in such proportion that
 * it rests where the promised share is kept. For any sequence of values the share kept differs from
 * the one promised by at most (range + step) / (step x values): adaptive conformal inference (Gibbs
 * and Candès 2021). Not thread safe.
 */
final class Coverage {
  private static final double STEP = 0.1;
  private static final double WIDTH_MIN = 0.1;
  private static final double WIDTH_MAX = 10;
  private static final double RECENT = 0.01;

  private final double beyond;
  private double below;
  private double above;
  private long count;
  private double kept;

  /**
   * Begins with ends that would fit a normal distribution.
   *
   * @param share share of values within the interval, above 0 and below 1
   */
  Coverage(double share) {
    beyond = (1 - share) / 2;
    below = START * share;
    above = START * share;
  }

  /** Eighty in a hundred normal values lie within 1.6 mean distances. */
  private static final double START = 2;

  /**
   * A value came.
   *
   * @param low the lower end it was promised to be above
   * @param high the upper end it was promised to be below
   */
  void add(double value, double low, double high) {
    below = moved(below, value < low);
    above = moved(above, value > high);
    count++;
    double rate = Math.max(RECENT, 1.0 / count);
    kept += rate * ((value >= low && value <= high ? 1 : 0) - kept);
  }

  private double moved(double end, boolean outside) {
    double next = end + STEP * ((outside ? 1 : 0) - beyond);
    return Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, next));
  }

  /** Distance of the lower end from the middle, in mean distances. */
  double below() {
    return below;
  }

  /** Distance of the upper end from the middle, in mean distances. */
  double above() {
    return above;
  }

  /** Values that came. */
  long count() {
    return count;
  }

  /** Share of the recent values (about the last hundred) that were within; 0 before the first. */
  double kept() {
    return kept;
  }
}
