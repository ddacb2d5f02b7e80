package org.brokecluster.coordinator.history.learning;

/**
 * How far one kind of prediction is off, as the natural logarithm of real over predicted: the
 * middle, and the mean distance from what is made of it ({@link #correction()}), both forgetting at
 * a fixed rate. A single wild error moves the middle little further than a usual one. Additions,
 * multiplications and Java's strict functions only, so that every machine gets the same bits. Not
 * thread safe.
 */
final class ErrorFigures {
  /** Share of a new error in the figures once there are many. */
  private static final double RATE_MIN = 0.04;

  /** Errors that a new key takes over from a coarser one, at most. */
  private static final int INHERITED = 4;

  private static final double SPREAD_START = 0.45;
  private static final double SPREAD_MIN = 0.02;
  private static final double SPREAD_MAX = 2;
  private static final double WILD_MIN = 0.3;

  private final PromiseRule rule;
  private final CorrectionShare share;
  private long count;
  private double mid;
  private double spread = SPREAD_START;

  /** Nothing is known yet. */
  ErrorFigures(PromiseRule rule) {
    this(rule, new CorrectionShare());
  }

  private ErrorFigures(PromiseRule rule, CorrectionShare share) {
    this.rule = rule;
    this.share = share;
  }

  /** A finer key that begins with what is known here. */
  ErrorFigures finer() {
    var finer = new ErrorFigures(rule, share.copy());
    finer.count = Math.min(count, INHERITED);
    finer.mid = mid;
    finer.spread = spread;
    return finer;
  }

  /** One more error. */
  void add(double error) {
    double rate = Math.max(RATE_MIN, 1.0 / (count + 2));
    double wild = Math.max(WILD_MIN, rule.wild() * spread);
    double distance = Math.min(Math.abs(error - correction()), SPREAD_MAX);
    share.add(error, mid, spread);
    mid = clamp(mid + rate * clamp(error - mid, -wild, wild), -rule.midMax(), rule.midMax());
    spread = clamp(spread + rate * (distance - spread), SPREAD_MIN, SPREAD_MAX);
    count++;
  }

  /** Errors seen, those taken over included. */
  long count() {
    return count;
  }

  /**
   * What the next prediction is put right by: the middle of the errors, or as much of it as has
   * paid off lately.
   */
  double correction() {
    return rule.weighed() ? mid * share.value() : mid;
  }

  /** Mean distance of the errors from the correction, above 0. */
  double spread() {
    return spread;
  }

  private static double clamp(double value, double min, double max) {
    return Math.max(min, Math.min(max, value));
  }
}
