package org.brokecluster.coordinator.routing.quality;

import org.brokecluster.coordinator.routing.model.BundledModel;
import org.brokecluster.coordinator.routing.model.ModelSkill;
import org.brokecluster.coordinator.routing.model.RiskScale;
import org.brokecluster.coordinator.routing.model.SkillTable;
import org.brokecluster.coordinator.routing.profile.TrainedEstimator;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Profile;
import org.jspecify.annotations.Nullable;

/**
 * Places each model between the small and the large one that a trained profile speaks of. With the
 * log odds of a good answer of those two, {@code small} and {@code large}, by {@link RiskScale} of
 * prompt complexity and answer complexity, and the model's skill {@code s}:
 *
 * <pre>
 * log odds = small + s × max(0.5, large - small)
 * </pre>
 *
 * so that skill 0 has the risk of the small one and skill 1 that of the large one, and more skill
 * is never worse. A profile that was not made by the trained model is left to the prior.
 */
public final class SkillQuality implements QualityPrediction {
  private static final double STEP_MIN = 0.5;

  /** Models of a node that are remembered for the next one, which mostly has the same. */
  private static final int POSITIONS = 16;

  private final SkillTable skills;
  private final QualityPrediction prior;

  /**
   * With what is known of models.
   *
   * @param prior for profiles that are not trained
   */
  public SkillQuality(SkillTable skills, QualityPrediction prior) {
    this.skills = skills;
    this.prior = prior;
  }

  /** With the skills in the model file that is shipped; the prior alone if that is missing. */
  public static QualityPrediction bundled(QualityPrediction prior) {
    return BundledModel.get()
        .<QualityPrediction>map(model -> new SkillQuality(SkillTable.of(model), prior))
        .orElse(prior);
  }

  @Override
  public double probabilityGoodEnough(Profile profile, Tier target, Spot spot) {
    if (!isTrained(profile)) {
      return prior.probabilityGoodEnough(profile, target, spot);
    }
    return probability(profile, spot.skill(skills));
  }

  @Override
  public ForRequest of(Profile profile, Tier target) {
    if (!isTrained(profile)) {
      return prior.of(profile, target);
    }
    double small = -RiskScale.logOdds(profile.promptComplexity());
    double large = -RiskScale.logOdds(profile.answerComplexity());
    var skillAt = new @Nullable ModelSkill[POSITIONS];
    var known = new double[POSITIONS];
    return spot -> {
      int at = spot.position() % POSITIONS;
      var skill = spot.skill(skills);
      if (!skill.equals(skillAt[at])) {
        skillAt[at] = skill;
        known[at] = probability(profile, small, large, skill);
      }
      return known[at];
    };
  }

  /**
   * Probability, 0 to 1, that a model of this skill answers well.
   *
   * @param profile made by the trained model
   */
  public static double probability(Profile profile, ModelSkill skill) {
    double small = -RiskScale.logOdds(profile.promptComplexity());
    double large = -RiskScale.logOdds(profile.answerComplexity());
    return probability(profile, small, large, skill);
  }

  private static double probability(Profile profile, double small, double large, ModelSkill skill) {
    double counts = skill.at(1 - profile.languageBias(), profile.reasoningChains());
    double odds = small + counts * Math.max(STEP_MIN, large - small);
    return 1 / (1 + Math.exp(-odds));
  }

  @Override
  public String basis(Profile profile, Spot spot) {
    return isTrained(profile) && spot.skill(skills).known()
        ? TrainedEstimator.BASIS
        : prior.basis(profile, spot);
  }

  private static boolean isTrained(Profile profile) {
    return profile.basis().equals(TrainedEstimator.BASIS);
  }
}
