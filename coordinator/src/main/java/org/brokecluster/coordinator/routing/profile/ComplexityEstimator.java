package org.brokecluster.coordinator.routing.profile;

import org.brokecluster.protocol.router.Profile;
import org.brokecluster.shared.plugin.Plugin;

/**
 * Estimates what a prompt demands. Implementations are pure and thread safe: the same text gives
 * the same profile on every machine, in less than 1 ms whatever its length, and nothing of the text
 * is in the result. Own ones are found by {@link java.util.ServiceLoader}; one that takes longer,
 * such as an embedding, delays every request by that and works on a thread of the edge, so it must
 * not wait for anything.
 */
public interface ComplexityEstimator extends Plugin {
  /**
   * The profile of this prompt; any text has one, also an empty one. Its complexities are those of
   * {@link org.brokecluster.coordinator.routing.model.RiskScale}. With {@code trained} for its
   * basis they are taken for risks and put together with each model's skill, with any other basis
   * the model's tier alone tells the quality.
   */
  Profile estimate(PromptText text);
}
