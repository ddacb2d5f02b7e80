package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Decisions.place;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.brokecluster.shared.config.SettingsReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What agents of a role get. */
class RolesTest {
  private static final String ROLES =
      "broke.router.roles { reviewer { tier = premium, strategy = quality-first },"
          + " clerk { model = basic-4b } }";

  private static RouterCore core() {
    var core = Clusters.core(Clusters.settings(ROLES));
    Clusters.demo().forEach(each -> core.nodeChanged(at(0), each));
    return core;
  }

  private static Wishes role(String role, @Nullable String strategy, @Nullable Tier tier) {
    return new Wishes(
        strategy,
        tier,
        null,
        null,
        role,
        null,
        null,
        null,
        null,
        null,
        TrafficClass.AGENT,
        List.of());
  }

  @Test
  void fillInATierAndAStrategy() {
    var placement = place(core(), facts("auto", 0.1, role("Reviewer", null, null)));

    assertThat(placement.tier()).isEqualTo(Tier.PREMIUM);
    assertThat(placement.strategy()).isEqualTo("quality-first");
  }

  @Test
  void fillInAModel() {
    assertThat(place(core(), facts("auto", 0.9, role("clerk", null, null))).model().value())
        .isEqualTo("basic-4b");
  }

  @Test
  void leaveAloneWhatTheCallSays() {
    var core = core();

    assertThat(place(core, facts("basic-4b", 0.9, role("reviewer", "least-loaded", null))).model())
        .hasToString("basic-4b");
    assertThat(place(core, facts("auto", 0.9, role("clerk", null, Tier.PREMIUM))).tier())
        .isEqualTo(Tier.PREMIUM);
    assertThat(place(core, facts("auto", 0.1, role("nobody", null, null))).tier())
        .isEqualTo(Tier.BASIC);
  }

  @Test
  void areCheckedWithTheConfiguration() {
    var config =
        ConfigFactory.parseString(
                "broke.router.roles.x { tier = huge, strategy = none, colour = red }")
            .withFallback(ConfigFactory.load());
    var reader = new SettingsReader(config.resolve());

    RouterSettings.from(reader);

    assertThat(reader.problems()).hasSize(3);
  }
}
