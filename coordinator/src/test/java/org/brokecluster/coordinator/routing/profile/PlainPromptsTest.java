package org.brokecluster.coordinator.routing.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Set;
import org.brokecluster.coordinator.routing.model.BundledModel;
import org.brokecluster.coordinator.routing.model.SkillTable;
import org.brokecluster.coordinator.routing.profile.PlainPrompts.Meaning;
import org.brokecluster.coordinator.routing.quality.SkillQuality;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.state.ModelFacts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The risk that is shown, and the tier, for prompts unlike those of any collection. */
class PlainPromptsTest {
  private static final double BALANCED_FROM = 0.35;
  private static final double PREMIUM_FROM = 0.65;

  private final ComplexityEstimator estimator = Estimators.bundled();
  private final SkillTable skills = SkillTable.of(BundledModel.get().orElseThrow());

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("org.brokecluster.coordinator.routing.profile.PlainPrompts#all")
  void areJudgedByWhatTheyMean(Meaning meaning, String prompt) {
    var profile = estimator.estimate(PromptText.ofUser(prompt));
    double demand = profile.demand();
    var tier =
        demand < BALANCED_FROM ? Tier.BASIC : demand < PREMIUM_FROM ? Tier.BALANCED : Tier.PREMIUM;
    double small = risk(profile, "mlx-community/Qwen3-4B-4bit");
    double large = risk(profile, "mlx-community/Qwen3-32B-4bit");

    assertThat(meaning.allows(tier, small, large))
        .as(String.format(Locale.ROOT, "%s %.2f %.2f %s", tier, small, large, profile.evidence()))
        .isTrue();
  }

  private double risk(Profile profile, String model) {
    var facts =
        new ModelFacts(
            ModelId.of(model), Tier.BALANCED, "test", true, null, null, null, null, 1, Set.of());
    return 1 - SkillQuality.probability(profile, skills.of(facts));
  }
}
