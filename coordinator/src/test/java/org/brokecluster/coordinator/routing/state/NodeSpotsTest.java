package org.brokecluster.coordinator.routing.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeSpotsTest {
  private static final long GIB = 1L << 30;

  @Test
  void fitsByWhatAModelHoldsAndNotByItsWeightsAlone() {
    var wanted = model("wanted", ModelState.DISK, false, 8 * GIB, 12 * GIB);

    assertThat(fits(10, wanted)).isFalse();
    assertThat(fits(12, wanted)).isTrue();
    assertThat(fits(10, model("wanted", ModelState.DISK, false, 8 * GIB, null))).isTrue();
  }

  @Test
  void idleModelsThatAreNotPinnedMakeRoomWithAllTheyHold() {
    var wanted = model("wanted", ModelState.DISK, false, 8 * GIB, 12 * GIB);
    var idle = model("idle", ModelState.LOADED, false, 4 * GIB, 11 * GIB);
    var pinned = model("pinned", ModelState.LOADED, true, 4 * GIB, 11 * GIB);

    assertThat(fits(1, wanted, idle)).isTrue();
    assertThat(fits(1, wanted, pinned)).isFalse();
  }

  private static boolean fits(long freeGib, HostedModel... models) {
    var node =
        new NodeState(
            NodeId.of("mac"), 7, Reach.UP, null, Echo.NONE, freeGib * GIB, 0, List.of(models));
    var spots = NodeSpots.of(node);
    var wanted =
        spots.spots().stream()
            .filter(spot -> spot.hosted().facts().id().equals(ModelId.of("wanted")))
            .findFirst()
            .orElseThrow();
    return spots.fits(wanted, spot -> false);
  }

  private static HostedModel model(
      String name, ModelState state, boolean pinned, long weights, @Nullable Long resident) {
    var facts =
        new ModelFacts(
            ModelId.of(name),
            Tier.BASIC,
            "mlx",
            false,
            null,
            null,
            weights,
            null,
            1,
            Set.of(),
            resident);
    var speed = new Speed(100, 10, 1, false);
    return new HostedModel(
        facts, new ModelLoad(facts.id(), state, null, null, 0, 0, pinned, speed));
  }
}
