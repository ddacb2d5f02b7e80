package org.brokecluster.coordinator.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.http.FakeClusterDesk.model;
import static org.brokecluster.coordinator.http.FakeClusterDesk.node;

import java.util.List;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.junit.jupiter.api.Test;

class EntriesTest {
  private static NodeFacts facts() {
    return new NodeFacts(
        1,
        NodeId.of("a"),
        1,
        null,
        1,
        "127.0.0.1:1",
        null,
        List.of("node"),
        false,
        "M1",
        8L << 30,
        "1",
        List.of(model("m", Tier.BASIC, ModelState.DISK).facts()),
        3,
        null);
  }

  private static NodeLoad load(boolean draining) {
    return new NodeLoad(
        1, NodeId.of("a"), 1, 1, 1, 0, List.of(), 5, false, draining, List.of(), null, null);
  }

  @Test
  void showsADrainOnlyOfANodeThatIsUp() {
    assertThat(NodeEntry.of(facts(), load(true), "up").state()).isEqualTo("draining");
    assertThat(NodeEntry.of(facts(), load(true), "unreachable").state()).isEqualTo("unreachable");
    assertThat(NodeEntry.of(facts(), load(false), "up").state()).isEqualTo("up");
  }

  @Test
  void describesANodeThatHasNotReportedItsLoad() {
    var entry = NodeEntry.of(facts(), null, "up");

    assertThat(entry.memoryFreeBytes()).isZero();
    assertThat(entry.modelsOmitted()).isEqualTo(3);
    assertThat(entry.models().get(0).state()).isEqualTo(ModelState.DISK);
    assertThat(entry.models().get(0).speed()).isNull();
    assertThat(entry.models().get(0).abilities()).containsExactly("chat", "tools");
  }

  @Test
  void takesTheBestStateOfAllNodesThatServe() {
    var models =
        ModelEntry.of(
            List.of(
                node("a", "unreachable", model("m", Tier.BASIC, ModelState.LOADED)),
                node("b", "up", model("m", Tier.BASIC, ModelState.DISK)),
                node("c", "up", model("m", Tier.BASIC, ModelState.LOADING))));

    assertThat(models).hasSize(1);
    assertThat(models.get(0).state()).isEqualTo(ModelState.LOADING);
    assertThat(models.get(0).servable()).isTrue();
    assertThat(models.get(0).nodes()).containsExactly("a", "b", "c");
  }

  @Test
  void offersNoModelThatNobodyCanServe() {
    var models =
        ModelEntry.of(
            List.of(
                node("a", "draining", model("m", Tier.BASIC, ModelState.LOADED)),
                node("b", "up", model("m", Tier.BASIC, ModelState.FAILED))));

    assertThat(models.get(0).servable()).isFalse();
    assertThat(ModelList.of(models, 1).data())
        .extracting(ModelList.Entry::id)
        .containsExactly("auto");
  }
}
