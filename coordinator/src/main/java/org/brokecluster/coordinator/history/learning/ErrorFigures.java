package org.brokecluster.coordinator.history.learning;

/**
 * How far one kind of prediction is off, as the natural logarithm of real over predicted: the
 * middle and the mean distance from it, both forgetting at a fixed rate. A single wild error moves
 * the middle no further than three usual ones. Additions and multiplications only, so that every
 * machine gets the same bits. Not thread safe.
 */
final class ErrorFigures {
  /** Share of a new error in the figures once there are many. */
  private static final double RATE_MIN = 0.04;

  /** Errors that a new key takes over from a coarser one, at most. */
  private static final int INHERITED = 4;

  private static final double SPREAD_START = 0.45;
  private static final double SPREAD_MIN = 0.02;
  private static final double SPREAD_MAX = 2;
  private static final double MID_MAX = 3;
  private static final double WILD = 3;
  private static final double WILD_MIN = 0.3;

  private long count;
  private double mid;
  private double spread = SPREAD_START;

  /** A finer key that begins with what is known here. */
  ErrorFigures finer() {
    var finer = new ErrorFigures();
    finer.count = Math.min(count, INHERITED);
    finer.mid = mid;
    finer.spread = spread;
    return finer;
  }

  /** One more error. */
  void add(double error) {
    double rate = Math.max(RATE_MIN, 1.0 / (count + 2));
    double wild = Math.max(WILD_MIN, WILD * spread);
    double off = error - mid;
    mid = clamp(mid + rate * clamp(off, -wild, wild), -MID_MAX, MID_MAX);
    double distance = Math.min(Math.abs(off), SPREAD_MAX);
    spread = clamp(spread + rate * (distance - spread), SPREAD_MIN, SPREAD_MAX);
    count++;
  }

  /** Errors seen, those taken over included. */
  long count() {
    return count;
  }

  /** Middle of the errors. */
  double mid() {
    return mid;
  }

  /** Mean distance from the middle, above 0. */
  double spread() {
    return spread;
  }

  private static double clamp(double value, double min, double max) {
    return Math.max(min, Math.min(max, value));
  }
}
