package org.brokecluster.coordinator.routing.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.state.ModelFacts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SkillTableTest {
  private final SkillTable table = SkillTable.of(BundledModel.get().orElseThrow());

  @Test
  void knowsThatASmallerModelCanBeTheBetterOne() {
    var phi = skill("Phi-3-mini-4k-instruct-4bit", 3_800_000_000L, Tier.BASIC);
    var mistral = skill("mlx-community/Mistral-7B-Instruct-v0.2-4bit", null, Tier.BALANCED);

    assertThat(phi.knowledge()).isGreaterThan(mistral.knowledge() + 0.2);
    assertThat(phi.reasoning()).isGreaterThan(mistral.reasoning());
  }

  @ParameterizedTest
  @CsvSource({
    "llama3.1:8b, llama 3.1",
    "Meta-Llama-3.1-8B-Instruct-4bit, llama 3.1",
    "qwen2.5:7b-instruct-q4_K_M, qwen 2.5",
    "Qwen2.5-Coder-7B, qwen 2.5",
    "Qwen3-8B-4bit, qwen 3",
    "gemma-2-9b-it, gemma 2",
    "Mixtral-8x7B-Instruct-v0.1, 'mixtral '",
    "mistral-7b-instruct-v0.2, 'mistral '"
  })
  void findsTheSeriesInAnyonesSpelling(String name, String series) {
    assertThat(SkillTable.series(name)).contains(series);
  }

  @Test
  void growsWithTheWeightsInASeriesAndWithoutOne() {
    for (var series : new String[] {"llama-3.1", "unheard-of"}) {
      double before = Double.NEGATIVE_INFINITY;
      for (var size : new String[] {"1b", "3b", "8b", "32b"}) {
        double now = skill(series + "-" + size, null, Tier.BASIC).reasoning();
        assertThat(now).as("%s %s", series, size).isGreaterThan(before);
        before = now;
      }
    }
  }

  @Test
  void fallsBackOnTheTierAndSaysSo() {
    var premium = skill("secret", null, Tier.PREMIUM);
    var basic = skill("secret", null, Tier.BASIC);

    assertThat(premium.known()).isFalse();
    assertThat(skill("secret-8b", null, Tier.BASIC).known()).isTrue();
    assertThat(premium.knowledge()).isGreaterThan(basic.knowledge() + 0.5);
  }

  @Test
  void keepsComplexityAndRiskInStep() {
    for (int i = 0; i <= 100; i++) {
      double complexity = i / 100.0;
      assertThat(RiskScale.complexityOf(RiskScale.logOdds(complexity)))
          .isCloseTo(complexity, within(1e-9));
    }
    assertThat(RiskScale.complexityAt(0)).isZero();
    assertThat(RiskScale.complexityAt(1)).isEqualTo(1);
  }

  private ModelSkill skill(String name, @Nullable Long parameters, Tier tier) {
    return table.of(
        new ModelFacts(
            ModelId.of(name), tier, "test", true, parameters, null, null, null, 1, Set.of()));
  }
}
