package org.brokecluster.training;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.brokecluster.coordinator.routing.model.ModelSkill;
import org.brokecluster.coordinator.routing.model.PromptModel;
import org.brokecluster.coordinator.routing.model.Reading;
import org.brokecluster.coordinator.routing.model.SkillTable;
import org.brokecluster.coordinator.routing.profile.PromptText;
import org.brokecluster.coordinator.routing.profile.TrainedEstimator;
import org.brokecluster.coordinator.routing.quality.SkillQuality;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.state.ModelFacts;

/**
 * A model that was trained on some samples, used as the router uses it: estimate of the prompt,
 * skill of the model that answers, quality temperature. Immutable and thread safe.
 */
final class Trial {
  private final PromptModel model;
  private final TrainedEstimator estimator;
  private final SkillTable skills;

  /** What is made of a sample. */
  record Result(Reading reading, Profile profile) {}

  private Trial(PromptModel model, SkillTable skills) {
    this.model = model;
    this.estimator = new TrainedEstimator(model);
    this.skills = skills;
  }

  /** Learns from these samples, without the heads that no figure needs. */
  static Trial trainedOn(List<Sample> samples) {
    var model = SkillFit.with(Trainer.estimates(samples), samples);
    return new Trial(new PromptModel(model), SkillTable.of(model));
  }

  /** Reads a sample. */
  Result read(Sample sample) {
    return new Result(
        model.read(sample.features()),
        estimator.estimate(PromptText.ofUser(sample.row().prompt())));
  }

  /**
   * Compares risk and score of each answer by a model whose size is known: those that a Mac can
   * run.
   *
   * @param answer takes the predicted risk and the score, both 0 to 1
   */
  void judge(Sample sample, Result result, BiConsumer<Double, Double> answer) {
    Proof.scores(sample)
        .forEach((name, score) -> judge(result.profile(), skill(name), score, answer));
  }

  private static void judge(
      Profile profile, ModelSkill skill, double score, BiConsumer<Double, Double> answer) {
    if (skill.known()) {
      answer.accept(1 - SkillQuality.probability(profile, skill), score);
    }
  }

  private ModelSkill skill(String name) {
    return skills.of(
        new ModelFacts(
            ModelId.of(name), Tier.BALANCED, "", true, null, null, null, null, 1, Set.of()));
  }
}
