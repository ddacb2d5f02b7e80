package org.brokecluster.coordinator.router;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.store.LearnedReader;
import org.brokecluster.coordinator.router.TermKeeperActor.Publish;
import org.brokecluster.coordinator.router.TermKeeperActor.TakeTerm;
import org.brokecluster.coordinator.router.TermKeeperActor.TermTaken;
import org.brokecluster.coordinator.routing.Moment;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.RouterProtocol;
import org.brokecluster.protocol.state.RouterStatus;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouterActorTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));

  private final ManualTime time = ManualTime.get(KIT.system());
  private final AtomicLong millis = new AtomicLong(1_000_000);
  private final AtomicReference<Consumer<ClusterView>> listener = new AtomicReference<>();
  private final List<RoutingEvent> events = Collections.synchronizedList(new ArrayList<>());
  private final TestProbe<TermKeeperActor.Command> keeper =
      KIT.createTestProbe(TermKeeperActor.Command.class);
  private final TestProbe<EdgeProtocol.Command> edge =
      KIT.createTestProbe(EdgeProtocol.Command.class);
  private final TestProbe<NodeProtocol.Command> node =
      KIT.createTestProbe(NodeProtocol.Command.class);
  private final CompletableFuture<LearnedReader.Found> earlier = new CompletableFuture<>();
  private final AtomicReference<RouterSettings> latest = new AtomicReference<>();
  private ActorRef<RouterProtocol.Command> router;

  @BeforeEach
  void start() {
    var settings = RouterSamples.settings();
    var ports =
        new RouterActor.Ports(
            term -> new RouterSamples.Sink(events),
            RouterSamples.forwarding(keeper.getRef()),
            consumer ->
                Behaviors.setup(
                    context -> {
                      listener.set(consumer);
                      return Behaviors.empty();
                    }),
            () -> new Moment(Instant.ofEpochMilli(millis.get()), millis.get()),
            term -> earlier);
    latest.set(settings);
    router = KIT.spawn(RouterActor.create(latest::get, RouterSamples.COORDINATOR, ports));
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void takesATermAboveEverythingTheNodesHaveSeen() {
    see(41, false);

    assertThat(keeper.expectMessageClass(TakeTerm.class).seen()).isEqualTo(41);
  }

  @Test
  void takesATermEvenWithoutAView() {
    time.timePasses(RouterSamples.settings().termTimeout());

    assertThat(keeper.expectMessageClass(TakeTerm.class).seen()).isZero();
  }

  @Test
  void goesOnWithWhatEarlierRoutersLearnedOfThoseWhoHaveANameYet() {
    see(0, false);
    grant(keeper.expectMessageClass(TakeTerm.class), 3, null);
    var model = ModelId.of("some-14b");
    var row = new LearnedFigures.Row(model, "code", null, "u-1", 3, 3, -0.5, 0, 0, 0);
    var record =
        new RoutingEvent.Learned(
            Instant.ofEpochMilli(1_000_000),
            new LearnedFigures(List.of(row, row.of("u-2"), row.of(null))),
            true);

    earlier.complete(new LearnedReader.Found(List.of(record), Map.of("u-1", "alice")));

    edge.awaitAssert(
        () -> {
          everythingHandled();
          assertThat(events).anyMatch(RoutingEvent.Learned.class::isInstance);
          return null;
        });
    var taken = (RoutingEvent.Learned) events.get(events.size() - 1);
    assertThat(taken.figures().rows()).containsExactly(row.of("alice"), row.of(null));
  }

  @Test
  void keepsMessagesUntilItHasATerm() {
    see(0, false);
    var order = keeper.expectMessageClass(TakeTerm.class);
    submit("r1");
    node.expectNoMessage(Duration.ZERO);

    grant(order, 3, null);

    var ticket = node.expectMessageClass(NodeProtocol.Ticket.class);
    assertThat(ticket.term()).isEqualTo(3);
    assertThat(ticket.number()).isEqualTo(1);
    assertThat(ticket.edge()).isEqualTo(edge.getRef());
    assertThat(ticket.router()).isEqualTo(router);
    everythingHandled();
    assertThat(events)
        .hasExactlyElementsOfTypes(
            RoutingEvent.TermStarted.class,
            RoutingEvent.NodeChanged.class,
            RoutingEvent.Received.class,
            RoutingEvent.Decided.class);
  }

  @Test
  void queuesAndServesAndAnswersTheEdge() {
    reign(1);
    submit("r1");
    var ticket = node.expectMessageClass(NodeProtocol.Ticket.class);
    submit("r2");
    assertThat(edge.expectMessageClass(EdgeProtocol.Queued.class).position()).isEqualTo(1);

    router.tell(
        new RouterProtocol.AttemptClosed(ticket.attempt(), 1, ticket.number(), NodeId.of("mini")));

    assertThat(node.expectMessageClass(NodeProtocol.Ticket.class).attempt())
        .isEqualTo(attempt("r2"));
  }

  @Test
  void endsAWaitAtItsDeadline() {
    reign(1);
    submit("r1");
    node.expectMessageClass(NodeProtocol.Ticket.class);
    submit("r2");
    edge.expectMessageClass(EdgeProtocol.Queued.class);

    passes(61_000);

    assertThat(edge.expectMessageClass(EdgeProtocol.Refused.class).attempt())
        .isEqualTo(attempt("r2"));
  }

  @Test
  void takesAHigherTermWhenANodeKnowsANewerRouter() {
    reign(1);
    submit("r1");
    var ticket = node.expectMessageClass(NodeProtocol.Ticket.class);

    router.tell(
        new RouterProtocol.TicketRefused(
            ticket.attempt(),
            1,
            ticket.number(),
            NodeId.of("mini"),
            NodeProtocol.TicketRefusal.STALE_TERM,
            7));

    var order = keeper.expectMessageClass(TakeTerm.class);
    assertThat(order.seen()).isEqualTo(7);
    submit("r1");
    grant(order, 8, null);
    assertThat(node.expectMessageClass(NodeProtocol.Ticket.class).term()).isEqualTo(8);
  }

  @Test
  void publishesItsStatusOnChangeAndAtMostOnceASecond() {
    reign(1);
    submit("r1");
    submit("r2");
    edge.expectMessageClass(EdgeProtocol.Queued.class);
    keeper.expectNoMessage(Duration.ZERO);

    passes(1_000);

    var status = keeper.expectMessageClass(Publish.class).status();
    assertThat(status.term()).isEqualTo(1);
    assertThat(status.sequence()).isEqualTo(2);
    assertThat(status.queuedByModel()).containsEntry("auto", 1);
    assertThat(status.ticketsByNode()).containsEntry(NodeId.of("mini"), 1);
    assertThat(status.history()).isEqualTo("behind");
    assertThat(status.queue().oldestMs()).isEqualTo(1_000);
    passes(900);
    keeper.expectNoMessage(Duration.ZERO);
    passes(100);
    var later = keeper.expectMessageClass(Publish.class).status();
    assertThat(later.queue().oldestMs()).as("it still waits").isEqualTo(2_000);
  }

  @Test
  void setsTheStrategyAndTellsTheKnownOnes() {
    reign(1);
    var probe = KIT.createTestProbe(RouterProtocol.StrategySet.class);

    router.tell(new RouterProtocol.SetStrategy("no-such", probe.getRef()));
    var refused = probe.receiveMessage();
    router.tell(new RouterProtocol.SetStrategy("round-robin", probe.getRef()));
    var accepted = probe.receiveMessage();

    assertThat(refused.accepted()).isFalse();
    assertThat(refused.strategy()).isEqualTo("balanced");
    assertThat(refused.known()).contains("quality-first", "round-robin");
    assertThat(accepted.accepted()).isTrue();
    assertThat(events).hasAtLeastOneElementOfType(RoutingEvent.StrategyChanged.class);
  }

  @Test
  void takesOverStrategiesThatWereReadAgainWithoutANewTerm() {
    reign(1);
    latest.set(
        RouterSettings.from(
            new SettingsReader(
                ConfigFactory.parseString("broke.router.strategies.mine { speed = 1 }")
                    .withFallback(ConfigFactory.load()))));

    passes(1_100);
    var probe = KIT.createTestProbe(RouterProtocol.StrategySet.class);
    router.tell(new RouterProtocol.SetStrategy("mine", probe.getRef()));

    assertThat(probe.receiveMessage().accepted()).isTrue();
    assertThat(keeper.expectMessageClass(Publish.class).status().strategies()).contains("mine");
    passes(1_100);
    assertThat(events)
        .filteredOn(RoutingEvent.StrategyChanged.class::isInstance)
        .map(event -> ((RoutingEvent.StrategyChanged) event).configured() != null)
        .containsExactly(true, false);
  }

  @Test
  void keepsTheStrategyOfTheRouterBeforeIt() {
    see(0, false);
    var order = keeper.expectMessageClass(TakeTerm.class);

    var first = order.first().of(5, RouterSamples.status(4, "speed-priority"));
    var unknown = order.first().of(5, RouterSamples.status(4, "of-another-version"));

    assertThat(first.strategy()).isEqualTo("speed-priority");
    assertThat(first.coordinator()).isEqualTo(RouterSamples.COORDINATOR);
    assertThat(unknown.strategy()).isEqualTo("balanced");
  }

  @Test
  void explainsDecisionsAndDryRunsAsJson() {
    reign(1);
    submit("r1");
    node.expectMessageClass(NodeProtocol.Ticket.class);
    var probe = KIT.createTestProbe(RouterProtocol.Explained.class);

    router.tell(new RouterProtocol.GetDecision(RequestId.of("r1"), probe.getRef()));
    var known = probe.receiveMessage().json();
    router.tell(new RouterProtocol.GetDecision(RequestId.of("nobody"), probe.getRef()));
    var unknown = probe.receiveMessage().json();
    router.tell(new RouterProtocol.DryRun(RouterSamples.facts(), probe.getRef()));
    var dry = probe.receiveMessage().json();

    assertThat(known)
        .contains("\"request\":\"r1\"", "\"outcome\":\"chosen\"", "\"node\":\"mini\"", "\"why\"");
    assertThat(unknown).isNull();
    assertThat(dry).contains("\"outcome\":\"waiting\"").doesNotContain("\"request\"");
  }

  @Test
  void freesTheWorkOfAMemberThatLeft() {
    reign(1);
    submit("r1");
    node.expectMessageClass(NodeProtocol.Ticket.class);

    listener.get().accept(ClusterView.EMPTY);
    see(0, false);
    submit("r2");

    assertThat(node.expectMessageClass(NodeProtocol.Ticket.class).attempt())
        .isEqualTo(attempt("r2"));
  }

  @Test
  void sendsNothingToANodeThatDrains() {
    see(0, true);
    grant(keeper.expectMessageClass(TakeTerm.class), 1, null);
    passes(5_000);

    submit("r1");

    edge.expectMessageClass(EdgeProtocol.Refused.class);
    node.expectNoMessage(Duration.ZERO);
  }

  private void reign(long term) {
    see(0, false);
    grant(keeper.expectMessageClass(TakeTerm.class), term, null);
  }

  private void grant(TakeTerm order, long term, RouterStatus before) {
    order.replyTo().tell(new TermTaken(order.first().of(term, before)));
  }

  private void submit(String request) {
    router.tell(
        new RouterProtocol.Submit(
            attempt(request), RouterSamples.facts(), 60_000, 0, List.of(), null, edge.getRef()));
  }

  private void passes(long ms) {
    everythingHandled();
    millis.addAndGet(ms);
    time.timePasses(RouterSamples.settings().tick());
    time.timePasses(RouterSamples.settings().tick());
  }

  /** Returns once the router has handled all that was sent to it. */
  private void everythingHandled() {
    var probe = KIT.createTestProbe(RouterProtocol.Explained.class);
    router.tell(new RouterProtocol.GetDecision(RequestId.of("barrier"), probe.getRef()));
    probe.receiveMessage();
  }

  private void see(long termSeen, boolean draining) {
    var seen = listener.get();
    if (seen == null) {
      KIT.createTestProbe().awaitAssert(() -> assertThat(listener.get()).isNotNull());
      seen = listener.get();
    }
    seen.accept(RouterSamples.view(node.getRef(), termSeen, draining));
  }

  private static AttemptId attempt(String request) {
    return new AttemptId(RequestId.of(request), 1);
  }
}
