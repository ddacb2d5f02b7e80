package org.brokecluster.coordinator.routing.quality;

import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Profile;

/**
 * Predicts how good the answer of a model will be. Implementations are pure and thread safe: equal
 * arguments give equal figures, so that a replay decides as the router did. Asked for every
 * candidate of every decision: takes well below 1 µs.
 */
public interface QualityPrediction {
  /**
   * Probability that the answer is good enough to be used, 0 to 1. One minus it is the quality
   * temperature.
   *
   * @param profile what the prompt demands
   * @param target tier that fits the request, or that was asked for
   * @param spot the candidate
   */
  double probabilityGoodEnough(Profile profile, Tier target, Spot spot);

  /** The same for many candidates of one request: what they have in common is worked out once. */
  default ForRequest of(Profile profile, Tier target) {
    return spot -> probabilityGoodEnough(profile, target, spot);
  }

  /** Predicts for one request. */
  @FunctionalInterface
  interface ForRequest {
    /** Probability that the answer of a candidate is good enough, 0 to 1. */
    double probabilityGoodEnough(Spot spot);
  }

  /** How that figure came about: {@code prior}, {@code trained} or {@code calibrated}. */
  String basis(Profile profile, Spot spot);
}
