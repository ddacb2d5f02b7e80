package org.brokecluster.coordinator.router;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.router.TermKeeperActor.Publish;
import org.brokecluster.coordinator.router.TermKeeperActor.TakeTerm;
import org.brokecluster.coordinator.router.TermKeeperActor.TermTaken;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.state.RouterStatus;
import org.brokecluster.shared.host.GossipKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TermKeeperActorTest {
  private final ActorTestKit kit = SingleMember.start();
  @TempDir private Path dataDir;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void startsWithTheFirstTermAndWritesItBack() throws IOException {
    assertThat(take(0).term()).isEqualTo(1);

    assertThat(new TermFile(dataDir).read()).isEqualTo(1);
    assertThat(replicated().term()).isEqualTo(1);
  }

  @Test
  void goesAboveTheOwnFolder() throws IOException {
    new TermFile(dataDir).write(12);

    assertThat(take(3).term()).isEqualTo(13);
  }

  @Test
  void goesAboveWhatTheAskerHasSeen() {
    assertThat(take(20).term()).isEqualTo(21);
  }

  @Test
  void goesAboveTheReplicatedStatusAndHandsItOn() throws IOException {
    take(30);
    new TermFile(dataDir).write(1);

    var status = take(0);

    assertThat(status.term()).isEqualTo(32);
    assertThat(status.strategy()).isEqualTo("after-31");
  }

  @Test
  void goesOnWithADamagedFile() throws IOException {
    Files.writeString(dataDir.resolve("router-term"), "what?");

    assertThat(take(0).term()).isEqualTo(1);
    assertThat(new TermFile(dataDir).read()).isEqualTo(1);
  }

  @Test
  void neverLetsAnOldTermOverwriteANewOne() {
    var keeper = kit.spawn(TermKeeperActor.create(dataDir, Duration.ofSeconds(3)));
    keeper.tell(new Publish(status(9, 4, "new")));
    keeper.tell(new Publish(status(8, 99, "old")));
    keeper.tell(new Publish(status(9, 5, "newest")));

    kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(10),
            () -> {
              assertThat(replicated().strategy()).isEqualTo("newest");
              return null;
            });
  }

  private RouterStatus take(long seen) {
    var keeper = kit.spawn(TermKeeperActor.create(dataDir, Duration.ofSeconds(3)));
    var probe = kit.createTestProbe(TermTaken.class);
    keeper.tell(
        new TakeTerm(
            seen,
            (term, before) -> status(term, 1, before == null ? "first" : "after-" + before.term()),
            probe.getRef()));
    return probe.receiveMessage(Duration.ofSeconds(15)).status();
  }

  private RouterStatus replicated() {
    var probe = kit.<Replicator.GetResponse<LWWRegister<RouterStatus>>>createTestProbe();
    DistributedData.get(kit.system())
        .replicator()
        .tell(new Replicator.Get<>(GossipKeys.router(), Replicator.readLocal(), probe.getRef()));
    var response = probe.receiveMessage(Duration.ofSeconds(5));
    assertThat(response).isInstanceOf(Replicator.GetSuccess.class);
    return ((Replicator.GetSuccess<LWWRegister<RouterStatus>>) response)
        .get(GossipKeys.router())
        .getValue();
  }

  private static RouterStatus status(long term, long sequence, String strategy) {
    return new RouterStatus(
        1,
        term,
        sequence,
        NodeId.of("studio"),
        strategy,
        List.of(),
        Map.of(),
        Map.of(),
        "ok",
        0,
        0);
  }
}
