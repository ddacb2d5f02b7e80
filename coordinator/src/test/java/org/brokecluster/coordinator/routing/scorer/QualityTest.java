package org.brokecluster.coordinator.routing.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.protocol.model.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class QualityTest {
  private static final Tuning TUNING = new Tuning(0.35, 0.65, 20_000, 0.15);

  @ParameterizedTest
  @CsvSource({
    "0, GREEN",
    "0.249, GREEN",
    "0.25, YELLOW",
    "0.549, YELLOW",
    "0.55, ORANGE",
    "0.749, ORANGE",
    "0.75, RED",
    "1, RED"
  })
  void closesTheBandsHalfOpen(double temperature, QualityColor color) {
    assertThat(QualityColor.of(temperature)).isEqualTo(color);
  }

  @ParameterizedTest
  @EnumSource(Tier.class)
  void growsWithComplexity(Tier tier) {
    double before = 0;
    for (int i = 0; i <= 100; i++) {
      double now = temperature(i / 100.0, tier);
      assertThat(now).isBetween(0.0, 1.0).isGreaterThanOrEqualTo(before);
      before = now;
    }
  }

  @Test
  void neverFallsFromAHigherTierToALowerOne() {
    for (int i = 0; i <= 100; i++) {
      double complexity = i / 100.0;
      assertThat(temperature(complexity, Tier.PREMIUM))
          .isLessThan(temperature(complexity, Tier.BALANCED));
      assertThat(temperature(complexity, Tier.BALANCED))
          .isLessThan(temperature(complexity, Tier.BASIC));
    }
  }

  @Test
  void isGreenWhereTheTierFitsAndRedWhereItIsFarTooSmall() {
    assertThat(QualityColor.of(temperature(0.15, Tier.BASIC))).isEqualTo(QualityColor.GREEN);
    assertThat(QualityColor.of(temperature(0.9, Tier.BASIC))).isEqualTo(QualityColor.RED);
  }

  private static double temperature(double complexity, Tier tier) {
    return QualityTemperature.of(complexity, tier, TUNING.targetFor(complexity), TUNING);
  }
}
