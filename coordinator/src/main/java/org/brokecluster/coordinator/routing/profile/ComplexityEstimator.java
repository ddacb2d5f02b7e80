package org.brokecluster.coordinator.routing.profile;

import org.brokecluster.coordinator.routing.model.BundledModel;
import org.brokecluster.coordinator.routing.model.PromptModel;
import org.brokecluster.protocol.router.Profile;

/**
 * Estimates what a prompt demands. Implementations are pure and thread safe: the same text gives
 * the same profile on every machine, in less than 1 ms whatever its length, and nothing of the text
 * is in the result.
 */
public interface ComplexityEstimator {
  /** The trained one with the model file that is shipped, or phrases alone if that is missing. */
  static ComplexityEstimator bundled() {
    return BundledModel.get()
        .<ComplexityEstimator>map(model -> new TrainedEstimator(new PromptModel(model)))
        .orElseGet(PhraseEstimator::new);
  }

  /** The profile of this prompt; any text has one, also an empty one. */
  Profile estimate(PromptText text);
}
