package org.brokecluster.coordinator.routing.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.routing.scorer.Tuning;
import org.brokecluster.coordinator.routing.state.Echo;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.NodeSpots;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final Tuning TUNING = new Tuning(0.35, 0.65, 20_000, 0.5);

  @Test
  void countsTheMachinesTimeOnceForEachWhoWaitsForIt() {
    double nobody = harm(0, 0, 0);
    double three = harm(0, 3, 0);

    // 1,000 tokens at 500 a second, 100 tokens at 20 a second
    assertThat(nobody).isZero();
    assertThat(three).isCloseTo(3 * 7_000, within(1e-6));
  }

  @Test
  void countsForWaitersThatStreamsSideBySideShareTheMachine() {
    double alone = harm(0, 1, 0);
    double second = harm(1, 1, 0) - harm(1, 0, 0);

    // side by side each is slower by half, and takes half of the machine
    assertThat(alone).isCloseTo(2_000 + 5_000, within(1e-6));
    assertThat(second).isCloseTo(2_000 + 5_000 * 1.5 / 2, within(1e-6));
  }

  @Test
  void countsWhatThoseLoseWhoseModelLeaves() {
    assertThat(harm(0, 0, 9_000)).isEqualTo(9_000);
  }

  private static double harm(int inFlight, int waiting, double evictedMs) {
    var pressure =
        new Pressure(inFlight, inFlight, 4, 0, 0, waiting, -1, 0, 0, 0, evictedMs, 0, false);
    return Forecast.of(node().spots().get(0), pressure, 1_000, 100, TUNING).harmMs();
  }

  private static NodeSpots node() {
    var facts =
        new ModelFacts(
            ModelId.of("m"),
            Tier.BASIC,
            "simulated",
            true,
            null,
            "4bit",
            1L << 30,
            32_768,
            4,
            Set.of(Ability.CHAT));
    var load =
        new ModelLoad(
            facts.id(), ModelState.LOADED, null, null, 0, 0, false, new Speed(500, 20, 5, false));
    return NodeSpots.of(
        new NodeState(
            NodeId.of("a"),
            1,
            Reach.UP,
            null,
            Echo.NONE,
            0,
            0,
            List.of(new HostedModel(facts, load))));
  }
}
