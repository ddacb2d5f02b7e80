package org.brokecluster.coordinator.routing.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one knob of the balanced strategy. */
class KnobTest {
  private final Strategies strategies = Strategies.of(Map.of(), List.of());

  private Weights weights(String name) {
    return ((WeightedStrategy) strategies.find(name).orElseThrow()).weights();
  }

  @Test
  void isBalancedInTheMiddle() {
    assertThat(weights("balanced:0.5")).isEqualTo(weights("balanced"));
  }

  @Test
  void goesFromQuickToGood() {
    assertThat(weights("balanced:0").quality()).isZero();
    assertThat(weights("balanced:0.3").quality()).isBetween(0.29, 0.31);
    assertThat(weights("balanced:1").speed()).isZero();
    assertThat(weights("balanced:1").quality()).isGreaterThan(0.89);
  }

  @Test
  void hasAHundredSteps() {
    assertThat(strategies.find("balanced:0.123456").orElseThrow().name())
        .isEqualTo("balanced:0.12");
  }

  @ParameterizedTest
  @ValueSource(strings = {"balanced:", "balanced:1.5", "balanced:-1", "balanced:x", "quick:0.5"})
  void isTurnedNoFurther(String name) {
    assertThat(strategies.find(name)).isEmpty();
  }
}
