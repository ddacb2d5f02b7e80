package org.brokecluster.coordinator.router;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.SelfUniqueAddress;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Leave;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.brokecluster.coordinator.router.ClusterView.MemberView;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.brokecluster.protocol.state.RouterStatus;
import org.brokecluster.shared.host.GossipKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClusterViewActorTest {
  private static final ActorTestKit KIT = SingleMember.start();
  private static final long UID = self(KIT).uniqueAddress().longUid();
  private static final AtomicReference<ClusterView> VIEW = new AtomicReference<>(ClusterView.EMPTY);

  @BeforeAll
  static void start() {
    KIT.spawn(ClusterViewActor.create(VIEW::set));
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void seesItsOwnMemberUp() {
    await(
        () -> {
          assertThat(VIEW.get().members()).hasSize(1);
          assertThat(VIEW.get().members().get(0).membership()).isEqualTo(MemberState.UP);
          assertThat(VIEW.get().members().get(0).uid()).isEqualTo(UID);
          assertThat(VIEW.get().members().get(0).address()).startsWith("127.0.0.1:");
        });
  }

  @Test
  void takesWhatMembersWriteAndNothingElse() {
    write(GossipKeys.facts(UID), facts(UID, "mini"), GossipKeys.writes());
    write(GossipKeys.facts(UID + 1), facts(UID + 1, "stranger"), GossipKeys.writes());
    write(GossipKeys.load(UID), load("mini", UID, true), GossipKeys.writes());

    await(
        () -> {
          var mini = VIEW.get().member(NodeId.of("mini")).orElseThrow(AssertionError::new);
          assertThat(mini.state()).isEqualTo(MemberState.DRAINING);
          assertThat(mini.membership()).isEqualTo(MemberState.UP);
          assertThat(mini.isNode()).isFalse();
          assertThat(VIEW.get().member(UID)).contains(mini);
        });
    assertThat(VIEW.get().member(NodeId.of("stranger"))).isEmpty();
    assertThat(VIEW.get().nodes()).isEmpty();
  }

  @Test
  void keepsTheStatusOfTheHighestTerm() {
    write(GossipKeys.router(), status(5, 1), GossipKeys.routerOrder());
    write(GossipKeys.router(), status(4, 9), GossipKeys.routerOrder());
    write(GossipKeys.router(), status(5, 2), GossipKeys.routerOrder());

    await(
        () -> {
          assertThat(VIEW.get().router()).isNotNull();
          assertThat(VIEW.get().router().term()).isEqualTo(5);
          assertThat(VIEW.get().router().sequence()).isEqualTo(2);
        });
  }

  @Test
  void prefersTheIncarnationThatIsUp() {
    var name = NodeId.of("mini");
    var gone = new MemberView(1, "a:1", MemberState.UNREACHABLE, Set.of(), facts(1, "mini"), null);
    var back = new MemberView(2, "a:2", MemberState.UP, Set.of(), facts(2, "mini"), null);

    assertThat(new ClusterView(List.of(gone, back), null).member(name)).contains(back);
    assertThat(new ClusterView(List.of(back, gone), null).member(name)).contains(back);
  }

  @Test
  void followsTheOthersAfterOneHasLeft() {
    var first = SingleMember.beside(KIT);
    await(() -> assertThat(VIEW.get().members()).hasSize(2));
    var second = SingleMember.beside(KIT);
    try {
      await(() -> assertThat(VIEW.get().members()).hasSize(3));
      leave(first);
      await(() -> assertThat(VIEW.get().members()).hasSize(2));

      long uid = self(second).uniqueAddress().longUid();
      write(second, GossipKeys.facts(uid), facts(uid, "second"), GossipKeys.writes());
      write(second, GossipKeys.load(uid), load("second", uid, true), GossipKeys.writes());

      await(
          () ->
              assertThat(VIEW.get().member(NodeId.of("second")))
                  .hasValueSatisfying(
                      seen -> assertThat(seen.state()).isEqualTo(MemberState.DRAINING)));
    } finally {
      leave(second);
      await(() -> assertThat(VIEW.get().members()).hasSize(1));
      first.shutdownTestKit();
      second.shutdownTestKit();
    }
  }

  private static void leave(ActorTestKit kit) {
    var cluster = Cluster.get(kit.system());
    cluster.manager().tell(Leave.create(cluster.selfMember().address()));
  }

  private static <T> void write(Key<LWWRegister<T>> key, T value, LWWRegister.Clock<T> clock) {
    write(KIT, key, value, clock);
  }

  private static <T> void write(
      ActorTestKit kit, Key<LWWRegister<T>> key, T value, LWWRegister.Clock<T> clock) {
    var self = self(kit);
    DistributedData.get(kit.system())
        .replicator()
        .tell(
            new Replicator.Update<>(
                key,
                LWWRegister.create(self, value, clock),
                Replicator.writeLocal(),
                kit.<Replicator.UpdateResponse<LWWRegister<T>>>createTestProbe().getRef(),
                current -> current.withValue(self, value, clock)));
  }

  private static SelfUniqueAddress self(ActorTestKit kit) {
    return DistributedData.get(kit.system()).selfUniqueAddress();
  }

  private static NodeFacts facts(long uid, String name) {
    return new NodeFacts(
        1,
        NodeId.of(name),
        uid,
        null,
        1,
        "127.0.0.1:1",
        null,
        List.of(),
        true,
        "M1",
        0,
        "1",
        List.of(),
        0,
        null);
  }

  private static NodeLoad load(String name, long uid, boolean draining) {
    return new NodeLoad(
        1, NodeId.of(name), uid, 1, 0, 0, List.of(), 0, false, draining, List.of(), null, null);
  }

  private static RouterStatus status(long term, long sequence) {
    return new RouterStatus(
        1,
        term,
        sequence,
        NodeId.of("studio"),
        "balanced",
        List.of(),
        Map.of(),
        Map.of(),
        "ok",
        0,
        0);
  }

  private static void await(Runnable assertion) {
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertion.run();
              return null;
            });
  }
}
