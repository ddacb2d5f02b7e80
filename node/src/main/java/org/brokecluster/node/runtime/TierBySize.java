package org.brokecluster.node.runtime;

import java.util.Optional;
import org.brokecluster.protocol.model.Tier;

/** The tier of a model nobody has placed in one: by its number of weights. */
public final class TierBySize {
  private static final long BALANCED_FROM = 5_000_000_000L;
  private static final long PREMIUM_FROM = 20_000_000_000L;

  private TierBySize() {}

  /** Below 5 billion basic, below 20 billion balanced, else premium; unknown is balanced. */
  public static Tier of(Optional<Long> parameters) {
    if (parameters.isEmpty()) {
      return Tier.BALANCED;
    }
    long count = parameters.get();
    if (count < BALANCED_FROM) {
      return Tier.BASIC;
    }
    return count < PREMIUM_FROM ? Tier.BALANCED : Tier.PREMIUM;
  }
}
