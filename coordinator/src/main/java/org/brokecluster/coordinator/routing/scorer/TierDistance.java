package org.brokecluster.coordinator.routing.scorer;

import org.brokecluster.protocol.model.Tier;

/** How far tiers lie apart. */
public final class TierDistance {
  private TierDistance() {}

  /** Steps from one tier up to another; negative if the other one is lower. */
  public static int up(Tier from, Tier to) {
    return rank(to) - rank(from);
  }

  private static int rank(Tier tier) {
    return switch (tier) {
      case BASIC -> 0;
      case BALANCED -> 1;
      case PREMIUM -> 2;
    };
  }
}
