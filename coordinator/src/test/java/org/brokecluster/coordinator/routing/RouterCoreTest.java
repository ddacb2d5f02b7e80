package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;
import static org.brokecluster.coordinator.routing.Clusters.report;
import static org.brokecluster.coordinator.routing.Clusters.submission;

import java.util.List;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.Effect.ReplyPlaced;
import org.brokecluster.coordinator.routing.Effect.ReplyQueued;
import org.brokecluster.coordinator.routing.Effect.ReplyRefused;
import org.brokecluster.coordinator.routing.Effect.SendCancel;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.NodeProtocol.TicketRefusal;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.Tried;
import org.junit.jupiter.api.Test;

/** What a core does with one request, and with several. */
class RouterCoreTest extends RouterCoreCase {
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
                List.of(Tried.node(lost)),
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
  void endsAWaitAtItsDeadline() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);
    core.submit(
        at(SETTLED),
        new Submission(
            attempt("r2", 1), facts("auto", 0.1), 3_000, List.of(), null, Clusters.Edge.HERE));

    assertThat(core.tick(at(SETTLED + 2_900))).isEmpty();
    var refused = only(core.tick(at(SETTLED + 3_000)), ReplyRefused.class);

    assertThat(refused.reason()).isEqualTo(Refusal.DEADLINE);
    assertThat(refused.retryAfterMs()).isPositive();
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
            null,
            null);

    var first = core.report(at(1), report, Clusters.Edge.HERE);
    var again = core.report(at(2), report, Clusters.Edge.HERE);

    assertThat(events(first)).hasExactlyElementsOfTypes(RoutingEvent.Completed.class);
    assertThat(events(again)).isEmpty();
    assertThat(only(again, Effect.ReplyNoted.class).attempt()).isEqualTo(attempt("r1", 1));
  }

  @Test
  void takesBackATicketThatMayBeLostOnceItsRequestIsOver() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);
    submit(SETTLED + 1, "r2", 1);

    var effects =
        core.report(at(SETTLED + 5_000), failed(attempt("r1", 1), true), Clusters.Edge.HERE);

    assertThat(only(effects, Effect.SendCancel.class).attempt()).isEqualTo(attempt("r1", 1));
    assertThat(only(effects, SendTicket.class).attempt()).isEqualTo(attempt("r2", 1));
  }

  @Test
  void leavesALaterAttemptAloneWhenAnEarlierOneIsReported() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 2);

    core.report(at(SETTLED + 1), failed(attempt("r1", 1), true), Clusters.Edge.HERE);
    core.report(at(SETTLED + 1), failed(attempt("r1", 2), false), Clusters.Edge.HERE);

    assertThat(core.ticketed()).isEqualTo(1);
  }

  private static AttemptReport failed(AttemptId attempt, boolean last) {
    return new AttemptReport(
        attempt,
        AttemptOutcome.FAILED,
        last,
        null,
        null,
        null,
        "node_lost",
        Usage.NONE,
        null,
        20,
        null,
        null,
        null);
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
}
