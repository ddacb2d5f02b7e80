package org.brokecluster.coordinator.routing.scorer;

import org.brokecluster.protocol.model.Tier;

/**
 * Figures that operators may change.
 *
 * @param balancedFrom complexity from which the balanced tier is the target, 0 to 1
 * @param premiumFrom complexity from which the premium tier is the target, 0 to 1
 * @param speedReferenceMs time at which the speed term is one half, above 0
 * @param streamSlowdown share by which each further stream of a model slows all of them, at least 0
 */
public record Tuning(
    double balancedFrom, double premiumFrom, double speedReferenceMs, double streamSlowdown) {
  /** Refuses values that would break the formulas. */
  public Tuning {
    boolean tiers = balancedFrom >= 0 && balancedFrom <= premiumFrom && premiumFrom <= 1;
    if (!tiers || !(speedReferenceMs > 0) || !(streamSlowdown >= 0)) {
      throw new IllegalArgumentException(
          "tuning out of bounds: balancedFrom=%s premiumFrom=%s speedReferenceMs=%s slowdown=%s"
              .formatted(balancedFrom, premiumFrom, speedReferenceMs, streamSlowdown));
    }
  }

  /** The tier that fits this complexity. */
  public Tier targetFor(double complexity) {
    if (complexity >= premiumFrom) {
      return Tier.PREMIUM;
    }
    return complexity >= balancedFrom ? Tier.BALANCED : Tier.BASIC;
  }
}
