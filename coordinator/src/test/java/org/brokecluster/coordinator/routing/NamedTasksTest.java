package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.routing.profile.ComplexityEstimator;
import org.brokecluster.coordinator.routing.profile.Estimators;
import org.brokecluster.coordinator.routing.profile.PromptText;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.Wishes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole way from a prompt to a model of the demo's fleet, idle, by the default strategy. */
class NamedTasksTest {
  private final ComplexityEstimator estimator = Estimators.bundled();

  @ParameterizedTest
  @MethodSource("org.brokecluster.coordinator.routing.NamedTasks#all")
  void landInTheirTierOnTheDemosFleet(String tier, String prompt) {
    var place = Decisions.place(Decisions.demo(), facts(prompt));

    assertThat(place.tier().label()).as("%s", place).isEqualTo(tier);
  }

  private RequestFacts facts(String prompt) {
    var profile = estimator.estimate(PromptText.ofUser(prompt));
    return new RequestFacts(
        Api.CHAT, "auto", true, profile, 20, 80, null, Set.of(), Wishes.NONE, List.of());
  }
}
