package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Decisions.core;
import static org.brokecluster.coordinator.routing.Decisions.ticket;

import java.util.List;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
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

  private static NodeState mac(String name, double reluctance) {
    return new NodeState(
        NodeId.of(name),
        7,
        Reach.UP,
        false,
        1,
        0,
        0,
        List.of(),
        0,
        reluctance,
        List.of(model("basic", Tier.BASIC, ModelState.LOADED, 1)));
  }
}
