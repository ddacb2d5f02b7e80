package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;
import static org.brokecluster.coordinator.routing.Clusters.report;
import static org.brokecluster.coordinator.routing.Clusters.submission;
import static org.brokecluster.coordinator.routing.Clusters.with;

import java.util.List;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.Effect.Emit;
import org.brokecluster.coordinator.routing.Effect.ReplyPlaced;
import org.brokecluster.coordinator.routing.Effect.ReplyQueued;
import org.brokecluster.coordinator.routing.Effect.ReplyRefused;
import org.brokecluster.coordinator.routing.Effect.SendCancel;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.NodeProtocol.TicketRefusal;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Refusal;
import org.junit.jupiter.api.Test;

class RouterCoreTest {
  private static final NodeState MINI =
      node("mini", model("small", Tier.BASIC, ModelState.LOADED, 1));
  private static final NodeState BIG =
      node("studio", model("small", Tier.BASIC, ModelState.LOADED, 1));
  private static final long SETTLED = 10_000;

  private final RouterCore core = Clusters.core(Clusters.settings());

  @Test
  void sendsATicketAtOnceAndNothingToTheEdge() {
    core.nodeChanged(at(0), MINI);

    var effects = submit(SETTLED, "r1", 1);

    assertThat(effects).hasSize(3);
    var ticket = only(effects, SendTicket.class);
    assertThat(ticket.node()).isEqualTo(NodeId.of("mini"));
    assertThat(ticket.number()).isEqualTo(1);
    assertThat(ticket.term()).isEqualTo(1);
    assertThat(ticket.placement().strategy()).isEqualTo("balanced");
    assertThat(events(effects))
        .hasExactlyElementsOfTypes(RoutingEvent.Received.class, RoutingEvent.Decided.class);
  }

  @Test
  void answersARepeatedSubmitWithTheSameTicketAndOneGeneration() {
    core.nodeChanged(at(0), MINI);
    var first = only(submit(SETTLED, "r1", 1), SendTicket.class);

    var again = submit(SETTLED + 500, "r1", 1);

    assertThat(only(again, SendTicket.class)).isEqualTo(first);
    assertThat(only(again, ReplyPlaced.class).node()).isEqualTo(NodeId.of("mini"));
    assertThat(events(again)).isEmpty();
    assertThat(core.ticketed()).isEqualTo(1);
  }

  @Test
  void neverRunsAnAttemptAgainThatHasEnded() {
    core.nodeChanged(at(0), MINI);
    close(submit(SETTLED, "r1", 1));

    var late = submit(SETTLED + 50, "r1", 1);

    assertThat(late).hasSize(1);
    assertThat(only(late, ReplyPlaced.class).node()).isEqualTo(NodeId.of("mini"));
  }

  @Test
  void queuesWhenEverySlotIsTakenAndServesInOrder() {
    core.nodeChanged(at(0), MINI);
    var first = submit(SETTLED, "r1", 1);

    var second = submit(SETTLED + 1, "r2", 1);
    var third = submit(SETTLED + 2, "r3", 1);

    assertThat(only(second, ReplyQueued.class).position()).isEqualTo(1);
    assertThat(only(third, ReplyQueued.class).position()).isEqualTo(2);
    assertThat(only(third, ReplyQueued.class).etaMs())
        .isGreaterThan(only(second, ReplyQueued.class).etaMs());
    var served = only(close(first), SendTicket.class);
    assertThat(served.attempt()).isEqualTo(attempt("r2", 1));
    assertThat(served.number()).isEqualTo(2);
    assertThat(served.placement().queuedMs()).isPositive();
    assertThat(core.queued()).isEqualTo(1);
  }

  @Test
  void servesPeopleBeforeAgentsBeforeBatches() {
    core.nodeChanged(at(0), MINI);
    var running = submit(SETTLED, "r0", 1);
    submitOf("batch", "b");
    submitOf("agent", "a");
    submitOf("interactive", "i");

    var first = close(running);
    assertThat(only(first, SendTicket.class).attempt().request().value()).isEqualTo("i");
    var second = close(first);
    assertThat(only(second, SendTicket.class).attempt().request().value()).isEqualTo("a");
    var third = close(second);
    assertThat(only(third, SendTicket.class).attempt().request().value()).isEqualTo("b");
  }

  @Test
  void refusesWithAnHonestTimeWhenTheQueueIsFull() {
    var small = Clusters.core(Clusters.settings("broke.router.queue-size = 1"));
    small.nodeChanged(at(0), MINI);
    small.submit(at(SETTLED), submission(attempt("r1", 1), facts("auto", 0.1)));
    small.submit(at(SETTLED), submission(attempt("r2", 1), facts("auto", 0.1)));

    var effects = small.submit(at(SETTLED), submission(attempt("r3", 1), facts("auto", 0.1)));

    var refused = only(effects, ReplyRefused.class);
    assertThat(refused.reason()).isEqualTo(Refusal.QUEUE_FULL);
    assertThat(refused.retryAfterMs()).isBetween(1_000L, 60_000L);
    assertThat(small.queued()).isEqualTo(1);
    assertThat(small.explain(RequestId.of("r3")).orElseThrow().outcome()).isEqualTo("refused");
  }

  @Test
  void replacesAnEarlierAttemptAndTakesItsTicketBack() {
    core.nodeChanged(at(0), MINI);
    core.nodeChanged(at(0), BIG);
    var lost = only(submit(SETTLED, "r1", 1), SendTicket.class).node();

    var effects =
        core.submit(
            at(SETTLED + 1_000),
            new Submission(
                attempt("r1", 2),
                facts("auto", 0.1),
                60_000,
                List.of(lost),
                null,
                Clusters.Edge.HERE));

    assertThat(only(effects, SendCancel.class)).isEqualTo(new SendCancel(lost, attempt("r1", 1)));
    assertThat(only(effects, SendTicket.class).node()).isNotEqualTo(lost);
    assertThat(core.ticketed()).isEqualTo(1);
    assertThat(submit(SETTLED + 2_000, "r1", 1)).as("an older attempt").isEmpty();
  }

  @Test
  void forgetsAWithdrawnRequest() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);
    submit(SETTLED, "r2", 1);
    submit(SETTLED, "r3", 1);

    assertThat(core.withdraw(at(SETTLED + 1), RequestId.of("r2"))).isEmpty();
    var effects = core.withdraw(at(SETTLED + 2), RequestId.of("r1"));

    assertThat(only(effects, SendCancel.class).attempt()).isEqualTo(attempt("r1", 1));
    assertThat(only(effects, SendTicket.class).attempt()).isEqualTo(attempt("r3", 1));
    assertThat(core.queued()).isZero();
  }

  @Test
  void placesARefusedTicketElsewhere() {
    core.nodeChanged(at(0), MINI);
    core.nodeChanged(at(0), BIG);
    var ticket = only(submit(SETTLED, "r1", 1), SendTicket.class);

    var effects = refuse(ticket, TicketRefusal.FULL, 1);

    assertThat(only(effects, SendTicket.class).node()).isNotEqualTo(ticket.node());
    assertThat(core.ticketed()).isEqualTo(1);
  }

  @Test
  void asksAgainAfterAMomentWhenTheOnlyNodeRefused() {
    core.nodeChanged(at(0), MINI);
    var ticket = only(submit(SETTLED, "r1", 1), SendTicket.class);

    assertThat(refuse(ticket, TicketRefusal.FULL, 1)).isEmpty();
    assertThat(core.queued()).isEqualTo(1);
    assertThat(core.tick(at(SETTLED + 300))).isEmpty();
    var effects = core.tick(at(SETTLED + 600));

    assertThat(only(effects, SendTicket.class).number()).isEqualTo(2);
  }

  @Test
  void wantsAHigherTermWhenANodeKnowsANewerRouter() {
    core.nodeChanged(at(0), MINI);
    var ticket = only(submit(SETTLED, "r1", 1), SendTicket.class);

    var effects = refuse(ticket, TicketRefusal.STALE_TERM, 9);

    assertThat(only(effects, Effect.NeedHigherTerm.class).seen()).isEqualTo(9);
  }

  @Test
  void freesTheWorkOfANodeThatIsGone() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);

    core.nodeGone(at(SETTLED + 1), NodeId.of("mini"));
    core.nodeChanged(at(SETTLED + 2), BIG);

    assertThat(core.ticketed()).isZero();
    assertThat(only(submit(SETTLED + 3, "r1", 2), SendTicket.class).node())
        .isEqualTo(NodeId.of("studio"));
  }

  @Test
  void numbersTicketsAnewForARestartedNode() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);

    var effects = core.nodeChanged(at(SETTLED + 1), with(MINI, Reach.UP, false, 99));

    assertThat(changes(effects)).containsExactly("left", "joined");
    assertThat(core.ticketed()).isZero();
    assertThat(only(submit(SETTLED + 2, "r2", 1), SendTicket.class).number()).isEqualTo(1);
  }

  @Test
  void freesATicketThatTwoReportsDoNotKnow() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);
    submit(SETTLED, "r2", 1);

    assertThat(core.nodeChanged(at(SETTLED + 10), report(MINI, 2, 1, 1, List.of()))).isEmpty();
    assertThat(core.nodeChanged(at(SETTLED + 11), report(MINI, 2, 1, 1, List.of())))
        .as("the same report again")
        .isEmpty();
    var effects = core.nodeChanged(at(SETTLED + 300), report(MINI, 3, 1, 1, List.of()));

    assertThat(only(effects, SendTicket.class).attempt()).isEqualTo(attempt("r2", 1));
  }

  @Test
  void keepsATicketTheNodeCannotHaveSeenYet() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);

    for (int i = 2; i < 10; i++) {
      core.nodeChanged(at(SETTLED + i), report(MINI, i, 1, 0, List.of()));
    }

    assertThat(core.ticketed()).isEqualTo(1);
  }

  @Test
  void waitsForAFirstNodeBeforeItRefuses() {
    var early = submit(1_000, "r1", 1);

    assertThat(only(early, ReplyQueued.class).position()).isEqualTo(1);
    assertThat(core.tick(at(2_900))).isEmpty();
    var refused = only(core.tick(at(3_100)), ReplyRefused.class);
    assertThat(refused.reason()).isEqualTo(Refusal.NO_NODE);
    assertThat(only(submit(4_000, "r2", 1), ReplyRefused.class).reason())
        .isEqualTo(Refusal.NO_NODE);
  }

  @Test
  void placesWhatWaitedForAFirstNode() {
    submit(1_000, "r1", 1);

    var effects = core.nodeChanged(at(2_000), MINI);

    assertThat(only(effects, SendTicket.class).attempt()).isEqualTo(attempt("r1", 1));
  }

  @Test
  void waitsAWhileForAnUnreachableNode() {
    core.nodeChanged(at(0), MINI);
    core.nodeChanged(at(SETTLED), with(MINI, Reach.UNREACHABLE, false, 7));

    var queued = submit(SETTLED + 1, "r1", 1);

    assertThat(only(queued, ReplyQueued.class).position()).isEqualTo(1);
    var effects = core.nodeChanged(at(SETTLED + 1_000), with(MINI, Reach.UP, false, 7));
    assertThat(only(effects, SendTicket.class).node()).isEqualTo(NodeId.of("mini"));
  }

  @Test
  void endsAWaitAtItsDeadline() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);
    core.submit(
        at(SETTLED),
        new Submission(
            attempt("r2", 1), facts("auto", 0.1), 2_000, List.of(), null, Clusters.Edge.HERE));

    assertThat(core.tick(at(SETTLED + 1_900))).isEmpty();
    var refused = only(core.tick(at(SETTLED + 2_000)), ReplyRefused.class);

    assertThat(refused.reason()).isEqualTo(Refusal.DEADLINE);
    assertThat(core.queued()).isZero();
  }

  @Test
  void takesAFreePlaceWhenTheBetterOneStaysBusyForTooLong() {
    core.nodeChanged(
        at(0),
        node(
            "studio",
            model("large", Tier.PREMIUM, ModelState.LOADED, 1),
            model("small", Tier.BASIC, ModelState.LOADED, 1)));
    core.submit(at(SETTLED), submission(attempt("r1", 1), facts("large", 0.95)));
    var second = core.submit(at(SETTLED), submission(attempt("r2", 1), facts("auto", 0.95)));
    assertThat(only(second, ReplyQueued.class).position()).isEqualTo(1);

    assertThat(core.tick(at(SETTLED + 29_000))).isEmpty();
    var effects = core.tick(at(SETTLED + 30_500));

    assertThat(only(effects, SendTicket.class).placement().tier()).isEqualTo(Tier.BASIC);
  }

  @Test
  void dropsWaitingRequestsOfALostEdge() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);
    core.submit(
        at(SETTLED),
        new Submission(
            attempt("r2", 1),
            facts("auto", 0.1),
            60_000,
            List.of(),
            null,
            new Clusters.Edge("10.0.0.9:25520")));

    core.memberGone(at(SETTLED + 1), "10.0.0.9:25520");

    assertThat(core.queued()).isZero();
    assertThat(core.ticketed()).isEqualTo(1);
  }

  @Test
  void recordsEachReportOnce() {
    var report =
        new AttemptReport(
            attempt("r1", 1),
            AttemptOutcome.COMPLETED,
            true,
            null,
            null,
            "stop",
            null,
            Usage.NONE,
            10L,
            20,
            10L,
            null);

    var first = core.report(at(1), report, Clusters.Edge.HERE);
    var again = core.report(at(2), report, Clusters.Edge.HERE);

    assertThat(events(first)).hasExactlyElementsOfTypes(RoutingEvent.Completed.class);
    assertThat(events(again)).isEmpty();
    assertThat(only(again, Effect.ReplyNoted.class).attempt()).isEqualTo(attempt("r1", 1));
  }

  @Test
  void tellsOnceThatAnAttemptHasStarted() {
    core.nodeChanged(at(0), MINI);
    var ticket = only(submit(SETTLED, "r1", 1), SendTicket.class);

    var first = core.attemptStarted(at(SETTLED + 5), ticket.attempt(), 1, ticket.number());
    var again = core.attemptStarted(at(SETTLED + 6), ticket.attempt(), 1, ticket.number());
    var stale = core.attemptStarted(at(SETTLED + 6), ticket.attempt(), 0, ticket.number());

    assertThat(events(first)).hasExactlyElementsOfTypes(RoutingEvent.Started.class);
    assertThat(again).isEmpty();
    assertThat(stale).isEmpty();
  }

  @Test
  void recordsWhatHappensToNodes() {
    var joined = core.nodeChanged(at(0), MINI);
    var lost = core.nodeChanged(at(1), with(MINI, Reach.UNREACHABLE, false, 7));
    var back = core.nodeChanged(at(2), with(MINI, Reach.UP, true, 7));
    var left = core.nodeGone(at(3), NodeId.of("mini"));

    assertThat(changes(joined)).containsExactly("joined");
    assertThat(changes(lost)).containsExactly("unreachable");
    assertThat(changes(back)).containsExactly("reachable", "draining");
    assertThat(changes(left)).containsExactly("left");
  }

  @Test
  void changesTheStrategyForRequestsThatNameNone() {
    core.nodeChanged(at(0), MINI);

    assertThat(core.setStrategy(at(SETTLED), "no-such")).isEmpty();
    var changed = core.setStrategy(at(SETTLED), "speed-priority").orElseThrow();

    assertThat(events(changed)).hasExactlyElementsOfTypes(RoutingEvent.StrategyChanged.class);
    assertThat(only(submit(SETTLED, "r1", 1), SendTicket.class).placement().strategy())
        .isEqualTo("speed-priority");
  }

  @Test
  void explainsADecisionWithEveryCandidate() {
    Clusters.demo().forEach(each -> core.nodeChanged(at(0), each));
    core.submit(at(SETTLED), submission(attempt("r1", 1), facts("auto", 0.9)));

    var explanation = core.explain(RequestId.of("r1")).orElseThrow();

    assertThat(explanation.outcome()).isEqualTo("chosen");
    assertThat(explanation.chosen().node()).isEqualTo(NodeId.of("studio-m2"));
    assertThat(explanation.candidates()).hasSize(7);
    assertThat(explanation.candidates()).allSatisfy(row -> assertThat(row.why()).isNotBlank());
    assertThat(explanation.whatWouldFlip()).isNotBlank();
  }

  @Test
  void aDryRunChangesNothing() {
    core.nodeChanged(at(0), MINI);

    var explanation = core.dryRun(at(SETTLED), facts("auto", 0.1));

    assertThat(explanation.outcome()).isEqualTo("chosen");
    assertThat(explanation.request()).isNull();
    assertThat(core.ticketed()).isZero();
    assertThat(core.queued()).isZero();
  }

  private List<Effect> submit(long millis, String request, int number) {
    return core.submit(at(millis), submission(attempt(request, number), facts("auto", 0.1)));
  }

  private void submitOf(String trafficClass, String request) {
    core.submit(
        at(SETTLED),
        submission(attempt(request, 1), facts("auto", 0.1, Clusters.wishesOf(trafficClass))));
  }

  private List<Effect> close(List<Effect> placed) {
    var ticket = only(placed, SendTicket.class);
    return core.attemptClosed(at(SETTLED + 100), ticket.attempt(), ticket.term(), ticket.number());
  }

  private List<Effect> refuse(SendTicket ticket, TicketRefusal reason, long termSeen) {
    return core.ticketRefused(
        at(SETTLED), ticket.attempt(), ticket.term(), ticket.number(), reason, termSeen);
  }

  private static <T> T only(List<Effect> effects, Class<T> type) {
    var found = effects.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).as("%s in %s", type.getSimpleName(), effects).hasSize(1);
    return found.get(0);
  }

  private static List<RoutingEvent> events(List<Effect> effects) {
    return effects.stream()
        .filter(Emit.class::isInstance)
        .map(effect -> ((Emit) effect).event())
        .toList();
  }

  private static List<String> changes(List<Effect> effects) {
    return events(effects).stream()
        .map(event -> ((RoutingEvent.NodeChanged) event).change())
        .toList();
  }
}
