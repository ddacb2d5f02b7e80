package org.brokecluster.coordinator.routing.quality;

import org.brokecluster.coordinator.routing.scorer.QualityTemperature;
import org.brokecluster.coordinator.routing.scorer.Tuning;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Profile;

/** Knows no more of a model than its tier: {@link QualityTemperature}. */
public final class TierQuality implements QualityPrediction {
  private final Tuning tuning;

  /** With the operator's bounds of the tiers. */
  public TierQuality(Tuning tuning) {
    this.tuning = tuning;
  }

  @Override
  public double probabilityGoodEnough(Profile profile, Tier target, Spot spot) {
    return 1 - QualityTemperature.of(profile.demand(), spot.tier(), target, tuning);
  }

  @Override
  public String basis(Profile profile, Spot spot) {
    return QualityTemperature.BASIS;
  }
}
