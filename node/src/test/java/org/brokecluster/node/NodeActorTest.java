package org.brokecluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.node.NodeBench.COLD;
import static org.brokecluster.node.NodeBench.MODEL;
import static org.brokecluster.node.NodeBench.NODE;
import static org.brokecluster.node.NodeBench.USAGE;
import static org.brokecluster.node.NodeBench.attempt;

import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.node.NodeProtocol.ModelAction;
import org.brokecluster.protocol.node.NodeProtocol.TicketRefusal;
import org.brokecluster.protocol.router.RouterProtocol;
import org.brokecluster.protocol.state.ModelLoad;
import org.brokecluster.shared.host.GossipActor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeActorTest {
  private final NodeBench bench = new NodeBench();

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void oneTicketSentThreeTimesIsOneGeneration() {
    var ticket = bench.ticket("r1");
    bench.node.tell(ticket);
    bench.node.tell(ticket);
    var first = bench.next(EdgeProtocol.Ready.class);
    var second = bench.next(EdgeProtocol.Ready.class);
    assertThat(second).isEqualTo(first);
    bench.prompt(first);
    bench.prompt(second);
    bench.node.tell(ticket);
    bench.nextAtRouter(RouterProtocol.AttemptStarted.class);
    bench.next(EdgeProtocol.Progress.class);

    bench.answer(0).end(USAGE);
    bench.next(EdgeProtocol.AttemptEnded.class);
    var closed = new RouterProtocol.AttemptClosed(attempt("r1"), 1, 1, NODE);
    assertThat(bench.nextAtRouter(RouterProtocol.AttemptClosed.class)).isEqualTo(closed);
    // After its end the ticket comes to nothing but a word to a router that seems not to know.
    bench.edge.awaitAssert(() -> assertThat(bench.lasting.termSeen()).isEqualTo(1));
    bench.sync();
    bench.node.tell(ticket);
    assertThat(bench.nextAtRouter(RouterProtocol.AttemptClosed.class)).isEqualTo(closed);
    assertThat(bench.runtime.answers()).hasSize(1);
    assertThat(bench.count("broke.node.attempts", "outcome", "completed")).isEqualTo(1);
  }

  @Test
  void aCancelThatOvertakesItsTicketLeavesNoSlot() {
    bench.node.tell(new NodeProtocol.Cancel(attempt("r1")));
    bench.node.tell(bench.ticket("r1"));

    assertThat(bench.nextAtRouter(RouterProtocol.AttemptClosed.class).attempt())
        .isEqualTo(attempt("r1"));
    bench.begin("r2");
    assertThat(bench.runtime.answers()).hasSize(1);
  }

  @Test
  void aCancelStopsTheRuntimeAndGivesTheSlotToTheNext() {
    var first = bench.begin("r1");
    bench.node.tell(bench.ticket("r2"));
    bench.prompt(bench.next(EdgeProtocol.Ready.class));

    bench.node.tell(new NodeProtocol.Cancel(attempt("r1")));

    assertThat(bench.nextAtRouter(RouterProtocol.AttemptClosed.class).attempt())
        .isEqualTo(attempt("r1"));
    var started = bench.nextAtRouter(RouterProtocol.AttemptStarted.class);
    assertThat(started.attempt()).isEqualTo(attempt("r2"));
    assertThat(first.cancelled).isTrue();
    assertThat(bench.count("broke.node.attempts", "outcome", "cancelled")).isEqualTo(1);
  }

  @Test
  void refusesAnOlderTermInEveryMembership() {
    bench.node.tell(bench.ticket("r1", 5, 1, MODEL, 2));
    bench.next(EdgeProtocol.Ready.class);
    var next = bench.spawn();

    next.tell(bench.ticket("r2", 4, 9, MODEL, 2));

    assertThat(bench.nextAtRouter(RouterProtocol.TicketRefused.class))
        .isEqualTo(
            new RouterProtocol.TicketRefused(
                attempt("r2"), 4, 9, NODE, TicketRefusal.STALE_TERM, 5));
  }

  @Test
  void refusesWhatIsFullOrNotHere() {
    bench.begin("r1");
    bench.node.tell(bench.ticket("r2"));
    bench.node.tell(bench.ticket("r3"));
    bench.node.tell(bench.ticket("r4", 1, 4, ModelId.of("unheard-of"), 2));

    assertThat(refusal()).isEqualTo(TicketRefusal.FULL);
    assertThat(refusal()).isEqualTo(TicketRefusal.MODEL_UNAVAILABLE);
  }

  private TicketRefusal refusal() {
    return bench.nextAtRouter(RouterProtocol.TicketRefused.class).reason();
  }

  @Test
  void aNewRoutersTicketForARunningAttemptIsTakenOver() {
    var answer = bench.begin("r1");
    bench.nextAtRouter(RouterProtocol.AttemptStarted.class);
    var next = bench.kit.createTestProbe(RouterProtocol.Command.class);
    var old = bench.ticket("r1", 2, 1, MODEL, 2);
    bench.node.tell(
        new NodeProtocol.Ticket(
            old.attempt(),
            2,
            1,
            old.api(),
            old.placement(),
            old.promptBytes(),
            old.expectedTokens(),
            old.edge(),
            next.getRef()));

    next.expectMessage(new RouterProtocol.AttemptStarted(attempt("r1"), 2, 1, NODE));
    answer.end(USAGE);
    next.expectMessage(new RouterProtocol.AttemptClosed(attempt("r1"), 2, 1, NODE));
    bench.router.expectNoMessage(Duration.ZERO);
  }

  @Test
  void tellsEachEdgeWhatIsOpenForIt() {
    bench.begin("r1");
    bench.pass(Duration.ofMillis(250));

    assertThat(bench.next(EdgeProtocol.NodeBeat.class))
        .isEqualTo(new EdgeProtocol.NodeBeat(NODE, List.of(attempt("r1"))));
  }

  @Test
  void cancelsWhatASilentEdgeOwns() {
    var answer = bench.begin("r1");
    beatFor(Duration.ofSeconds(2));
    assertThat(answer.cancelled).isFalse();

    bench.pass(Duration.ofMillis(1250));

    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);
    assertThat(answer.cancelled).isTrue();
  }

  private void beatFor(Duration time) {
    for (var left = time; !left.isZero(); left = left.minusMillis(250)) {
      bench.node.tell(new NodeProtocol.EdgeBeat(bench.edge.getRef(), List.of(attempt("r1"))));
      bench.pass(Duration.ofMillis(250));
    }
  }

  @Test
  void blamesNoEdgeForItsOwnSleep() {
    var answer = bench.begin("r1");
    bench.pass(Duration.ofMillis(250));

    bench.sleep(Duration.ofSeconds(30));
    bench.pass(Duration.ofMillis(750));

    assertThat(answer.cancelled).isFalse();
  }

  @Test
  void cancelsWhatItsEdgeHasForgotten() {
    var answer = bench.begin("r1");
    var silentOnIt = new NodeProtocol.EdgeBeat(bench.edge.getRef(), List.of());

    bench.node.tell(silentOnIt);
    bench.sync();
    assertThat(answer.cancelled).isFalse();
    bench.node.tell(silentOnIt);

    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);
    assertThat(answer.cancelled).isTrue();
  }

  @Test
  void tellsAnEdgeOfAttemptsItDoesNotKnow() {
    var beat = new NodeProtocol.EdgeBeat(bench.edge.getRef(), List.of(attempt("lost")));
    bench.node.tell(beat);
    bench.sync();
    bench.edge.expectNoMessage(Duration.ZERO);
    bench.node.tell(beat);

    var failed = bench.next(EdgeProtocol.AttemptFailed.class);
    assertThat(failed.attempt()).isEqualTo(attempt("lost"));
    assertThat(failed.failure().kind()).isEqualTo(Kind.NODE_LOST);
  }

  @Test
  void drainsWithoutBreakingWhatRuns() {
    var answer = bench.begin("r1");
    var done = bench.kit.createTestProbe(NodeProtocol.Done.class);
    bench.node.tell(new NodeProtocol.Drain(true, done.getRef()));
    assertThat(done.receiveMessage().accepted()).isTrue();

    bench.node.tell(bench.ticket("r2"));
    assertThat(refusal()).isEqualTo(TicketRefusal.DRAINING);
    answer.end(USAGE);
    bench.next(EdgeProtocol.AttemptEnded.class);

    bench.node.tell(new NodeProtocol.Drain(false, done.getRef()));
    done.receiveMessage();
    bench.begin("r3");
  }

  @Test
  void aDrainAsksEdgesToMoveWhatWaitsAndWhatRuns() {
    bench.begin("r1");
    bench.node.tell(bench.ticket("r2"));
    bench.next(EdgeProtocol.Ready.class);
    var done = bench.kit.createTestProbe(NodeProtocol.Done.class);

    bench.node.tell(new NodeProtocol.Drain(true, done.getRef()));

    var asked = new HashSet<AttemptId>();
    asked.add(bench.next(EdgeProtocol.HandOver.class).attempt());
    asked.add(bench.next(EdgeProtocol.HandOver.class).attempt());
    assertThat(asked).containsExactlyInAnyOrder(attempt("r1"), attempt("r2"));

    // Their edge has another place for them.
    bench.node.tell(new NodeProtocol.Cancel(attempt("r1")));
    bench.node.tell(new NodeProtocol.Cancel(attempt("r2")));
    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);
    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);
    bench.node.tell(new NodeProtocol.Drain(false, done.getRef()));
    bench.begin("r3");
  }

  @Test
  void aMachineThatGoesToSleepHasItsAnswersMovedAndIsBackWhenItWakes() {
    bench.begin("r1");
    var done = bench.kit.createTestProbe(NodeProtocol.Done.class);

    bench.node.tell(new NodeActor.Away("sleep", Duration.ofSeconds(8), done.getRef()));
    assertThat(bench.next(EdgeProtocol.HandOver.class).reason()).isEqualTo("sleep");
    done.expectNoMessage(Duration.ZERO);
    bench.node.tell(new NodeProtocol.Cancel(attempt("r1")));

    done.receiveMessage();
    bench.node.tell(bench.ticket("r2"));
    assertThat(refusal()).isEqualTo(TicketRefusal.DRAINING);
    bench.node.tell(new NodeActor.Back("sleep"));
    bench.begin("r3");
  }

  @Test
  void aDrainOutlivesTheMembership() {
    var done = bench.kit.createTestProbe(NodeProtocol.Done.class);
    bench.node.tell(new NodeProtocol.Drain(true, done.getRef()));
    done.receiveMessage();

    bench.spawn().tell(bench.ticket("r1"));

    assertThat(refusal()).isEqualTo(TicketRefusal.DRAINING);
  }

  @Test
  void whenTheHostStopsItFinishesWhatItCanAndBreaksTheRestOff() {
    var first = bench.begin("r1");
    bench.node.tell(bench.ticket("r2"));
    bench.next(EdgeProtocol.Ready.class);
    var done = bench.kit.createTestProbe(NodeProtocol.Done.class);

    bench.node.tell(new NodeActor.StopWork(done.getRef()));
    first.end(USAGE);
    bench.next(EdgeProtocol.AttemptEnded.class);
    bench.pass(Duration.ofMillis(750));
    done.expectNoMessage(Duration.ZERO);
    bench.pass(Duration.ofMillis(250));

    done.receiveMessage();
    var failed = bench.next(EdgeProtocol.AttemptFailed.class);
    assertThat(failed.failure().kind()).isEqualTo(Kind.NODE_STOPPING);
    assertThat(bench.lasting.draining()).isFalse();
  }

  @Test
  void reportsWhatItDoes() {
    bench.begin("r1");
    bench.node.tell(bench.ticket("r2"));
    bench.sync();
    bench.pass(Duration.ofMillis(250));

    var load = lastLoad(bench.gossip);
    assertThat(load.termSeen()).isEqualTo(1);
    assertThat(load.ticketSeen()).isEqualTo(2);
    assertThat(load.openTickets()).containsExactly(1L, 2L);
    assertThat(load.memoryFreeBytes()).isEqualTo(10L << 30);
    assertThat(load.models()).extracting(ModelLoad::state).contains(ModelState.DISK);
    assertThat(load.models())
        .filteredOn(model -> model.id().equals(MODEL))
        .allMatch(model -> model.running() == 1 && model.waiting() == 1);
    assertThat(bench.gauge("broke.node.running")).isEqualTo(1);
  }

  private static GossipActor.LoadIs lastLoad(TestProbe<GossipActor.Command> gossip) {
    var all = gossip.receiveSeveralMessages(1);
    return (GossipActor.LoadIs) all.get(all.size() - 1);
  }

  @Test
  void tellsTheOthersWhenItsModelsChange() {
    var added = ModelId.of("added");
    bench.runtime.with(added, ModelState.DISK, 1);

    bench.pool.rescan();

    var facts = bench.nextGossip(GossipActor.NodeIs.class);
    assertThat(facts.models()).extracting(model -> model.id()).contains(added, MODEL, COLD);
    assertThat(facts.chip()).isEqualTo("M1");
  }

  @Test
  void loadsPinsAndUnloadsOnCommand() {
    assertThat(command(COLD, ModelAction.LOAD).accepted()).isTrue();
    assertThat(command(COLD, ModelAction.PIN).accepted()).isTrue();
    var cold = bench.pool.model(COLD).orElseThrow();
    assertThat(cold.state()).isEqualTo(ModelState.LOADED);
    assertThat(cold.pinned()).isTrue();

    assertThat(command(COLD, ModelAction.UNLOAD).accepted()).as("pinned").isFalse();
    assertThat(command(COLD, ModelAction.UNPIN).accepted()).isTrue();
    assertThat(command(COLD, ModelAction.UNLOAD).accepted()).isTrue();
    assertThat(bench.pool.model(COLD).orElseThrow().state()).isEqualTo(ModelState.DISK);

    bench.begin("r1");
    var refused = command(MODEL, ModelAction.UNLOAD);
    assertThat(refused.accepted()).isFalse();
    assertThat(refused.message()).contains("in use");
  }

  private NodeProtocol.Done command(ModelId model, ModelAction action) {
    var done = bench.kit.createTestProbe(NodeProtocol.Done.class);
    bench.node.tell(new NodeProtocol.ModelCommand(model, action, 0, done.getRef()));
    return done.receiveMessage();
  }

  @Test
  void anAttemptWhoseActorBreaksGivesItsSlotBackAndTellsItsEdge() {
    bench.node.tell(bench.ticket("r1"));
    var ready = bench.next(EdgeProtocol.Ready.class);
    // A piece without bytes is a programming error of the sender: the actor fails on it.
    ready
        .to()
        .tell(
            new AttemptProtocol.PromptPiece(
                attempt("r1"), 1, AttemptProtocol.PromptPart.BODY, null, true, null));

    bench.nextAtRouter(RouterProtocol.AttemptClosed.class);
    var failed = bench.next(EdgeProtocol.AttemptFailed.class);
    assertThat(failed.failure().kind()).isEqualTo(Kind.NODE_LOST);
    bench.begin("r2");
  }
}
