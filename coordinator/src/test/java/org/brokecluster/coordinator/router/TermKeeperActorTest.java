package org.brokecluster.coordinator.router;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.brokecluster.coordinator.router.TermKeeperActor.Publish;
import org.brokecluster.coordinator.router.TermKeeperActor.TakeTerm;
import org.brokecluster.coordinator.router.TermKeeperActor.TermTaken;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.TermProtocol;
import org.brokecluster.protocol.state.RouterStatus;
import org.brokecluster.shared.host.GossipKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TermKeeperActorTest {
  private final ActorTestKit kit = SingleMember.start();
  @TempDir private Path dataDir;

  /** Longer than any answer takes; short where none comes. */
  private Duration patience = Duration.ofSeconds(30);

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
  void goesAboveTheReplicatedStatusAndHandsItOn() {
    take(30);

    var status = take(0);

    assertThat(status.term()).isEqualTo(32);
    assertThat(status.strategy()).isEqualTo("after-31");
  }

  @Test
  void leapsWhenTheFileIsDamagedBecauseNobodyKnowsWhatWasTaken() throws IOException {
    Files.writeString(dataDir.resolve("router-term"), "what?");

    assertThat(take(0).term()).isEqualTo(1_001);
    assertThat(new TermFile(dataDir).read()).isEqualTo(1_001);
    assertThat(take(0).term()).isEqualTo(1_002);
  }

  @Test
  void goesAboveWhatAnotherCoordinatorHasInItsFolder() throws IOException {
    new TermFile(dataDir).write(3);
    var other = otherWitness("b", 7);

    assertThat(take(0, 3).term()).isEqualTo(8);

    assertThat(new TermFile(dataDir).read()).isEqualTo(8);
    assertThat(new TermFile(other).read()).isEqualTo(8);
  }

  @Test
  void leapsOverWhatOthersMayHaveTakenWhenNoMajorityAnswers() throws IOException {
    patience = Duration.ofSeconds(1);
    new TermFile(dataDir).write(3);

    assertThat(take(0, 3).term()).isEqualTo(1_004);
  }

  @Test
  void triesAgainWhenSomebodyIsAheadMeanwhile() {
    var asked = new AtomicLong();
    kit.spawn(
        Behaviors.<TermProtocol.Command>setup(
            context -> {
              context
                  .getSystem()
                  .receptionist()
                  .tell(Receptionist.register(TermWitnessActor.KEY, context.getSelf()));
              return Behaviors.receive(TermProtocol.Command.class)
                  .onMessage(
                      TermProtocol.Promise.class,
                      promise -> {
                        // Another router takes term 50 between the question and the promise.
                        asked.incrementAndGet();
                        long kept = promise.term() == 0 ? 0 : Math.max(50, promise.term());
                        promise.replyTo().tell(promised("b", promise.term(), kept));
                        return Behaviors.same();
                      })
                  .build();
            }));

    assertThat(take(0, 3).term()).isEqualTo(51);
    assertThat(asked).hasValue(3);
  }

  @Test
  void everyCoordinatorKeepsTheTermsItHearsOf() {
    kit.spawn(TermWitnessActor.create(NodeId.of("c"), dataDir));
    keeper(1, otherDir("a")).tell(new Publish(status(9, 4, "new")));

    kit.createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(new TermFile(dataDir).read()).isEqualTo(9);
              return null;
            });
  }

  @Test
  void neverLetsAnOldTermOverwriteANewOne() {
    var keeper = keeper(1, dataDir);
    keeper.tell(new Publish(status(9, 4, "new")));
    keeper.tell(new Publish(status(8, 99, "old")));
    keeper.tell(new Publish(status(9, 5, "newest")));

    kit.createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(replicated().strategy()).isEqualTo("newest");
              return null;
            });
  }

  @Test
  void takesATermAlsoWhileTheReplicatorSaysNothing() {
    var witness = kit.spawn(TermWitnessActor.create(NodeId.of("a"), dataDir));
    var mute = kit.createTestProbe(Replicator.Command.class);
    var keeper =
        kit.spawn(TermKeeperActor.create(witness, mute.getRef(), 1, Duration.ofMillis(200)));

    keeper.tell(new Publish(status(1, 1, "unheard")));
    mute.expectMessageClass(Replicator.Update.class);

    assertThat(take(keeper, 4).term()).isEqualTo(5);
  }

  private static TermProtocol.Promised promised(String name, long asked, long kept) {
    return new TermProtocol.Promised(NodeId.of(name), asked, kept, true);
  }

  /** The witness of another coordinator, with a folder of its own in which a term is stored. */
  private Path otherWitness(String name, long term) throws IOException {
    var dir = otherDir(name);
    new TermFile(dir).write(term);
    kit.spawn(TermWitnessActor.create(NodeId.of(name), dir));
    return dir;
  }

  private Path otherDir(String name) {
    return dataDir.resolve("of-" + name);
  }

  private ActorRef<TermKeeperActor.Command> keeper(int coordinators, Path dir) {
    var witness = kit.spawn(TermWitnessActor.create(NodeId.of("a"), dir));
    return kit.spawn(TermKeeperActor.create(witness, coordinators, patience));
  }

  private RouterStatus take(long seen) {
    return take(seen, 1);
  }

  private RouterStatus take(long seen, int coordinators) {
    return take(keeper(coordinators, dataDir), seen);
  }

  private RouterStatus take(ActorRef<TermKeeperActor.Command> keeper, long seen) {
    var probe = kit.createTestProbe(TermTaken.class);
    keeper.tell(
        new TakeTerm(
            seen,
            (term, before) -> status(term, 1, before == null ? "first" : "after-" + before.term()),
            probe.getRef()));
    return probe.receiveMessage().status();
  }

  private RouterStatus replicated() {
    var probe = kit.<Replicator.GetResponse<LWWRegister<RouterStatus>>>createTestProbe();
    DistributedData.get(kit.system())
        .replicator()
        .tell(new Replicator.Get<>(GossipKeys.router(), Replicator.readLocal(), probe.getRef()));
    var response = probe.receiveMessage();
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
