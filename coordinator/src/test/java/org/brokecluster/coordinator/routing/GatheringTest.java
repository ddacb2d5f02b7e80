package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.routing.state.Echo;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.junit.jupiter.api.Test;

/** Requests for models that cannot be in memory together, on one node. */
class GatheringTest {
  private static final long GIB = 1L << 30;
  private static final long BEGIN = 20_000;

  @Test
  void servesThoseOfTheLoadedModelBeforeItIsPushedOut() {
    var order = play("broke.router.queue { overtaken-most = 100, overtaken-for = 10m }", 6, 0);

    assertThat(order).containsExactly("y0", "y1", "y2", "y3", "y4", "y5", "x");
  }

  @Test
  void letsARequestBeOvertakenOnlySoOften() {
    var order = play("broke.router.queue { overtaken-most = 2, overtaken-for = 10m }", 6, 0);

    assertThat(order).containsExactly("y0", "y1", "y2", "x", "y3", "y4", "y5");
  }

  @Test
  void letsARequestBeOvertakenOnlyForSoLong() {
    var order = play("broke.router.queue.overtaken-for = 12s", 6, 0);

    assertThat(order).startsWith("y0", "y1", "x");
  }

  /** Without a bound, newcomers for the loaded model would keep the other one out for ever. */
  @Test
  void keepsTheNodeForWhoeverWasOvertakenForLongEnoughHoweverManyMoreCome() {
    var order = play("broke.router.queue { overtaken-most = 3, overtaken-for = 10m }", 2, 60);

    assertThat(order.indexOf("x")).isBetween(1, 8);
  }

  /**
   * The order of tickets when one model runs, the other is asked for, and then the first one again.
   *
   * @param first requests for the loaded model at about the same time
   * @param more requests for it that go on coming, one a second
   */
  private static List<String> play(String overrides, int first, int more) {
    var cluster = new VirtualCluster(Clusters.settings(overrides), List.of(node()));
    var order = new ArrayList<String>();
    cluster.onTicket(ticket -> order.add(ticket.attempt().request().value()));
    cluster.submit(BEGIN, "y0", facts("loaded", 0.1));
    cluster.submit(BEGIN + 1, "x", facts("other", 0.1));
    for (int i = 1; i < first; i++) {
      cluster.submit(BEGIN + 1 + i, "y" + i, facts("loaded", 0.1));
    }
    for (int i = 0; i < more; i++) {
      cluster.submit(BEGIN + 1_000L * (i + 1), "m" + i, facts("loaded", 0.1));
    }
    cluster.runUntil(BEGIN + 600_000);
    return order;
  }

  private static NodeState node() {
    HostedModel loaded = model("loaded", Tier.BALANCED, ModelState.LOADED, 1);
    HostedModel other = model("other", Tier.PREMIUM, ModelState.DISK, 1);
    return new NodeState(
        NodeId.of("mini"), 7, Reach.UP, null, Echo.NONE, 12 * GIB, 0, List.of(loaded, other));
  }
}
