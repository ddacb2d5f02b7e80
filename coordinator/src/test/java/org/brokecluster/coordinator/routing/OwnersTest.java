package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Decisions.core;
import static org.brokecluster.coordinator.routing.Decisions.ticket;

import java.util.List;
import org.brokecluster.coordinator.routing.state.Echo;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A laptop on its battery is spared, and still helps out. */
class OwnersTest {
  @Test
  void aLaptopOnItsBatteryIsSparedWhileAnotherIsFree() {
    var core = core(mac("laptop", 0.6), mac("studio", 0));

    assertThat(ticket(core, "r1", facts("basic", 0.1)).node()).isEqualTo(NodeId.of("studio"));
    assertThat(
            core(mac("laptop", 0), mac("studio", 0))
                .dryRun(Clusters.at(Decisions.SETTLED), facts("basic", 0.1))
                .chosen()
                .node())
        .as("of two alike the first by name")
        .isEqualTo(NodeId.of("laptop"));
  }

  @Test
  void helpsOutWhereTheOthersAreBusy() {
    var core = core(mac("laptop", 1), mac("studio", 0));

    var first = ticket(core, "r1", facts("basic", 0.1));
    var second = ticket(core, "r2", facts("basic", 0.1));

    assertThat(List.of(first.node(), second.node()))
        .containsExactly(NodeId.of("studio"), NodeId.of("laptop"));
  }

  @Test
  void saysWhyAMachineTakesNoWork() {
    var core = core(mac("laptop", 0, "its owner is at work on it"), mac("studio", 0));

    ticket(core, "r1", facts("basic", 0.1));

    assertThat(Decisions.explain(core, "r1").candidates().get(1).why())
        .isEqualTo("the node takes no new work: its owner is at work on it");
  }

  @Test
  void saysToAClientWhyNobodyAnswers() {
    var core =
        core(
            mac("laptop", 0, "its owner is at work on it"),
            mac("studio", 0, "these are its owner's hours"));

    var explanation = core.dryRun(Clusters.at(Decisions.SETTLED), facts("basic", 0.1));

    assertThat(explanation.message())
        .contains("laptop: its owner is at work on it", "studio: these are its owner's hours");
  }

  private static NodeState mac(String name, double reluctance) {
    return mac(name, reluctance, null);
  }

  private static NodeState mac(String name, double reluctance, @Nullable String away) {
    return new NodeState(
        NodeId.of(name),
        7,
        Reach.UP,
        away,
        Echo.NONE,
        0,
        reluctance,
        List.of(model("basic", Tier.BASIC, ModelState.LOADED, 1)));
  }
}
