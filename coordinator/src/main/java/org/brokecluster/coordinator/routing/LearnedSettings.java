package org.brokecluster.coordinator.routing;

import org.brokecluster.coordinator.history.event.LearningTerms;
import org.brokecluster.coordinator.history.learning.ExplorationSettings;
import org.brokecluster.coordinator.history.learning.Learning;
import org.brokecluster.coordinator.history.learning.LearningSettings;
import org.brokecluster.coordinator.history.learning.PromiseRule;
import org.brokecluster.coordinator.history.learning.PromiseSettings;
import org.brokecluster.coordinator.history.learning.StayingSettings;
import org.brokecluster.shared.config.SettingsReader;

/**
 * What a router learns and what it does with that.
 *
 * @param quality how models do here
 * @param promises how far times are off
 * @param staying which model a conversation keeps
 * @param exploration what is tried to learn more
 */
public record LearnedSettings(
    LearningSettings quality,
    PromiseSettings promises,
    StayingSettings staying,
    ExplorationSettings exploration) {
  static LearnedSettings from(SettingsReader reader) {
    return new LearnedSettings(
        LearningSettings.from(reader),
        PromiseSettings.from(reader),
        StayingSettings.from(reader),
        ExplorationSettings.from(reader));
  }

  /** By which rules a router with these settings learns. */
  public LearningTerms terms() {
    return new LearningTerms(
        quality.halfLife().toMillis(),
        quality.keys(),
        quality.requests(),
        promises.coverage(),
        promises.keys(),
        PromiseRule.LATEST_NUMBER);
  }

  /** Somebody who learns by these settings and knows nothing yet. */
  public Learning learning() {
    return new Learning(quality, promises, staying);
  }
}
