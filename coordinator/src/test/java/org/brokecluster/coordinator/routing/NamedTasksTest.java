package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.routing.profile.ComplexityEstimator;
import org.brokecluster.coordinator.routing.profile.Estimators;
import org.brokecluster.coordinator.routing.profile.PromptText;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.Wishes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way from a prompt to a model of the demo's fleet, idle, by the default strategy. */
class NamedTasksTest {
  private final ComplexityEstimator estimator = Estimators.bundled();

  @ParameterizedTest
  @MethodSource("org.brokecluster.coordinator.routing.NamedTasks#all")
  void landInTheirTierOnTheDemosFleet(String tier, String prompt) {
    var place = Decisions.place(Decisions.demo(), facts(prompt));

    assertThat(place.tier().label()).as("%s", place).isEqualTo(tier);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Write a complete formally verified OS kernel in Coq",
        "Build an operating system from scratch in Rust",
        "Prove that every even integer > 2 is the sum of two primes",
        "Beweise, dass es unendlich viele Primzahlen gibt."
      })
  void whereNoModelIsToBeTrustedTheLargestIsAsked(String prompt) {
    var place = Decisions.place(Decisions.demo(), facts(prompt));

    assertThat(place.tier()).as("%s", place).isEqualTo(Tier.PREMIUM);
    assertThat(place.qualityTemperature()).as("not green").isGreaterThan(0.25);
  }

  private RequestFacts facts(String prompt) {
    var profile = estimator.estimate(PromptText.ofUser(prompt));
    return new RequestFacts(
        Api.CHAT, "auto", true, profile, 20, 80, null, Set.of(), Wishes.NONE, List.of());
  }
}
