package org.brokecluster.coordinator.routing.scorer;

import org.brokecluster.protocol.model.Tier;

/**
 * Risk that an answer is not good enough, before anything was measured (basis {@value #BASIS}).
 *
 * <p>With complexity {@code c}, tier {@code t}, the complexity {@code reach(t)} up to which the
 * tier is the target, and {@code below} = number of tiers that {@code t} lies below the target:
 *
 * <pre>
 * T = base(t) + 0.30 c + 0.60 max(0, c - reach(t)) + 0.15 below      within 0.02 and 0.98
 * base: basic 0.11, balanced 0.07, premium 0.03
 * </pre>
 *
 * <p>It grows with complexity, and never falls from a higher tier to a lower one.
 */
public final class QualityTemperature {
  /** How these temperatures came about. */
  public static final String BASIS = "prior";

  private static final double MIN = 0.02;
  private static final double MAX = 0.98;
  private static final double BY_COMPLEXITY = 0.30;
  private static final double BEYOND_REACH = 0.60;
  private static final double PER_TIER_BELOW = 0.15;

  private QualityTemperature() {}

  /**
   * The temperature of an answer.
   *
   * @param complexity 0 to 1
   * @param tier tier that answers
   * @param target tier that was wanted
   */
  public static double of(double complexity, Tier tier, Tier target, Tuning tuning) {
    double beyond = Math.max(0, complexity - reach(tier, tuning));
    int below = Math.max(0, TierDistance.up(tier, target));
    double raw =
        base(tier) + BY_COMPLEXITY * complexity + BEYOND_REACH * beyond + PER_TIER_BELOW * below;
    return Math.max(MIN, Math.min(MAX, raw));
  }

  private static double base(Tier tier) {
    return switch (tier) {
      case BASIC -> 0.11;
      case BALANCED -> 0.07;
      case PREMIUM -> 0.03;
    };
  }

  private static double reach(Tier tier, Tuning tuning) {
    return switch (tier) {
      case BASIC -> tuning.balancedFrom();
      case BALANCED -> tuning.premiumFrom();
      case PREMIUM -> 1;
    };
  }
}
