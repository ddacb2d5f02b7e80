package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;
import static org.brokecluster.coordinator.routing.Clusters.wishes;
import static org.brokecluster.coordinator.routing.Decisions.core;
import static org.brokecluster.coordinator.routing.Decisions.demo;
import static org.brokecluster.coordinator.routing.Decisions.place;
import static org.brokecluster.coordinator.routing.Decisions.ticket;

import java.util.ArrayList;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.TrafficClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How strategies differ on the same cluster. */
class StrategyDecisionsTest {
  @ParameterizedTest
  @CsvSource({
    "quality-first, 0.5, premium-32b",
    "cost-optimized, 0.1, basic-4b",
    "speed-priority, 0.9, basic-4b"
  })
  void followsTheStrategyAskedFor(String strategy, double complexity, String model) {
    var wishes = wishes(strategy, null, null, TrafficClass.INTERACTIVE);

    assertThat(place(demo(), facts("auto", complexity, wishes)).model().value()).isEqualTo(model);
  }

  @Test
  void roundRobinTakesTheNodesInTurn() {
    var core = demo();
    var wishes = wishes("round-robin", null, null, TrafficClass.INTERACTIVE);
    var nodes = new ArrayList<String>();
    for (int i = 0; i < 6; i++) {
      nodes.add(ticket(core, "r" + i, facts("basic-4b", 0.1, wishes)).node().value());
    }

    assertThat(nodes)
        .containsExactly("mini-m1", "studio-m1", "studio-m2", "mini-m1", "studio-m1", "studio-m2");
  }

  @Test
  void leastLoadedSpreadsRequests() {
    var core = demo();
    var wishes = wishes("least-loaded", null, null, TrafficClass.INTERACTIVE);
    var nodes = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      nodes.add(ticket(core, "r" + i, facts("basic-4b", 0.1, wishes)).node().value());
    }

    assertThat(nodes).doesNotHaveDuplicates();
  }

  @Test
  void ownWeightsMakeAStrategy() {
    var settings = Clusters.settings("broke.router.strategies.tiny { cost = 1 }");
    var core = new RouterCore(1, settings, Clusters.strategies(settings), "tiny", at(0));
    Clusters.demo().forEach(each -> core.nodeChanged(at(0), each));

    assertThat(core.strategies()).contains("tiny");
    assertThat(place(core, facts("auto", 0.95)).model().value()).isEqualTo("basic-4b");
  }

  @Test
  void equalCandidatesGoToTheSmallerName() {
    var core =
        core(
            node("b", model("m", Tier.BASIC, ModelState.LOADED, 1)),
            node("a", model("m", Tier.BASIC, ModelState.LOADED, 1)),
            node("c", model("m", Tier.BASIC, ModelState.LOADED, 1)));

    assertThat(place(core, facts("auto", 0.1)).node().value()).isEqualTo("a");
  }
}
