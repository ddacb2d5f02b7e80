package org.brokecluster.coordinator.routing.model;

/**
 * Translates between complexity, the scale on which tiers are bounded, and the risk that an answer
 * is not good enough. Between the knots the log odds of the risk are linear in complexity; they
 * were set so that a task in the middle of a tier is answered well by the models of that tier and
 * visibly worse by those of the tier below:
 *
 * <pre>
 * complexity  0      0.15   0.35   0.4    0.5    0.65   0.85   1
 * risk        0.018  0.069  0.168  0.289  0.332  0.5    0.786  0.982
 * </pre>
 */
public final class RiskScale {
  private static final double[] COMPLEXITY = {0, 0.15, 0.35, 0.4, 0.5, 0.65, 0.85, 1};
  private static final double[] LOG_ODDS = {-4, -2.6, -1.6, -0.9, -0.7, 0, 1.3, 4};

  private RiskScale() {}

  /** Log odds of the risk at a complexity from 0 to 1. */
  public static double logOdds(double complexity) {
    return interpolated(complexity, COMPLEXITY, LOG_ODDS);
  }

  /** Risk at a complexity from 0 to 1. */
  public static double risk(double complexity) {
    return 1 / (1 + Math.exp(-logOdds(complexity)));
  }

  /** Complexity at which the risk has these log odds, within 0 and 1. */
  public static double complexityOf(double logOdds) {
    return interpolated(logOdds, LOG_ODDS, COMPLEXITY);
  }

  /** Complexity with this risk, within 0 and 1. */
  public static double complexityAt(double risk) {
    double bounded = Math.max(1e-3, Math.min(1 - 1e-3, risk));
    return complexityOf(Math.log(bounded / (1 - bounded)));
  }

  private static double interpolated(double at, double[] from, double[] to) {
    int last = from.length - 1;
    if (at <= from[0] || at >= from[last]) {
      return at <= from[0] ? to[0] : to[last];
    }
    int i = 1;
    while (at > from[i]) {
      i++;
    }
    double part = (at - from[i - 1]) / (from[i] - from[i - 1]);
    return to[i - 1] + part * (to[i] - to[i - 1]);
  }
}
