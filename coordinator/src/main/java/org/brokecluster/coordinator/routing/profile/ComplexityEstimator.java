package org.brokecluster.coordinator.routing.profile;

import org.brokecluster.protocol.router.Profile;

/**
 * Estimates what a prompt demands. Implementations are pure and thread safe: the same text gives
 * the same profile on every machine, in less than 1 ms whatever its length, and nothing of the text
 * is in the result.
 */
public interface ComplexityEstimator {
  /** The profile of this prompt; any text has one, also an empty one. */
  Profile estimate(PromptText text);
}
