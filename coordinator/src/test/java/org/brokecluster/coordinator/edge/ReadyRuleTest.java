package org.brokecluster.coordinator.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.http.api.NodeEntry;
import org.brokecluster.coordinator.http.api.NodeModelEntry;
import org.brokecluster.coordinator.http.api.Readiness;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.state.RouterStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A load balancer sends prompts here while, and only while, they can be answered. */
class ReadyRuleTest {
  private static final NodeEntry FOUNDER = coordinator("founder", "up");

  private final ReadyRule ofThree = new ReadyRule(3);

  private static NodeEntry entry(
      String name, String state, List<String> roles, ModelState... models) {
    return new NodeEntry(
        name,
        state,
        1,
        "127.0.0.1:1",
        null,
        true,
        "",
        0,
        0,
        false,
        List.of(models).stream().map(ReadyRuleTest::model).toList(),
        0,
        0,
        0,
        roles,
        "1",
        state.equals("draining") ? "the hours its owner wants it" : null,
        null);
  }

  private static NodeEntry coordinator(String name, String state) {
    return entry(name, state, List.of("coordinator", "edge"));
  }

  private static NodeEntry mac(String name, String state) {
    return entry(name, state, List.of("node", "edge"), ModelState.LOADED);
  }

  private static NodeModelEntry model(ModelState state) {
    return new NodeModelEntry(
        "m",
        Tier.BASIC,
        state,
        "simulated",
        true,
        0,
        0,
        1,
        false,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        null);
  }

  private static RouterStatus router(String at) {
    return new RouterStatus(
        1,
        1,
        1,
        NodeId.of(at),
        "balanced",
        List.of(),
        Map.of(),
        Map.of(),
        "ok",
        0,
        0,
        null,
        null,
        null);
  }

  private static Readiness now(ReadyRule rule, NodeEntry... nodes) {
    return rule.now(List.of(nodes), router("founder"), null);
  }

  @Test
  void waitsUntilAllThatAreNeededHaveCome() {
    var two = now(ofThree, FOUNDER, mac("a", "up"), mac("b", "up"), mac("c", "joining"));

    assertThat(two.ready()).isFalse();
    assertThat(two.reasons()).containsExactly("2 of 3 nodes are up with a model");
    assertThat(two.nodes()).isEqualTo(2);
    assertThat(now(ofThree, FOUNDER, mac("a", "up"), mac("b", "up"), mac("c", "up")).ready())
        .isTrue();
  }

  @Test
  void staysReadyWhileOneCanAnswer() {
    now(ofThree, FOUNDER, mac("a", "up"), mac("b", "up"), mac("c", "up"));

    assertThat(now(ofThree, FOUNDER, mac("a", "draining"), mac("b", "up")).ready()).isTrue();
    assertThat(now(ofThree, FOUNDER, mac("a", "draining"), mac("b", "unreachable")).reasons())
        .containsExactly(
            "no node takes requests: a is draining, the hours its owner wants it,"
                + " b is unreachable");
    assertThat(now(ofThree, FOUNDER).reasons()).containsExactly("no node takes requests");
    assertThat(now(ofThree, FOUNDER, mac("c", "up")).ready()).isTrue();
  }

  @Test
  void countsAMacThatIsThereButWantedByItsOwner() {
    var one = now(ofThree, FOUNDER, mac("a", "up"), mac("b", "draining"), mac("c", "draining"));

    assertThat(one.ready()).isTrue();
    assertThat(one.nodes()).isEqualTo(1);
  }

  @Test
  void isNotReadyWithoutAModelThatCanAnswer() {
    var rule = new ReadyRule(1);
    var broken = entry("a", "up", List.of("node"), ModelState.FAILED);
    var onDisk = entry("b", "up", List.of("node"), ModelState.DISK);

    assertThat(now(rule, FOUNDER, broken).reasons())
        .containsExactly("no node has a model that can answer");
    assertThat(now(rule, FOUNDER, broken, onDisk).ready()).isTrue();
  }

  @Test
  void isNotReadyWhileNobodyDecides() {
    var rule = new ReadyRule(1);
    var mac = mac("a", "up");

    assertThat(rule.now(List.of(mac), null, null).reasons())
        .containsExactly("no coordinator has been heard of yet");
    assertThat(rule.now(List.of(mac), null, "nobody at 10.0.0.1").reasons())
        .containsExactly("nobody at 10.0.0.1");
    assertThat(now(rule, mac).reasons())
        .containsExactly("the coordinator founder cannot be reached");
    assertThat(rule.now(List.of(mac), router("founder"), "this machine has no address").reasons())
        .containsExactly("the coordinator founder cannot be reached: this machine has no address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"unreachable", "leaving"})
  void anotherCoordinatorMayTakeOver(String state) {
    var rule = new ReadyRule(1);
    var gone = coordinator("founder", state);

    assertThat(now(rule, gone, mac("a", "up")).ready()).isFalse();
    assertThat(now(rule, gone, coordinator("second", "up"), mac("a", "up")).ready()).isTrue();
  }

  @Test
  void repeatsHowTheHistoryIs() {
    var status =
        new RouterStatus(
            1,
            1,
            1,
            NodeId.of("founder"),
            "balanced",
            List.of(),
            Map.of(),
            Map.of(),
            "behind",
            7,
            2,
            null,
            null,
            null);
    var readiness = new ReadyRule(1).now(List.of(FOUNDER, mac("a", "up")), status, null);

    assertThat(readiness)
        .isEqualTo(new Readiness(true, List.of(), 1, 1, "founder", "behind", 7, 2));
  }
}
