package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;

import java.util.List;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.Effect.ReplyRefused;
import org.brokecluster.coordinator.routing.Effect.SendCancel;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.Tried;
import org.junit.jupiter.api.Test;

/** What a core does with a request whose node is leaving: two attempts for a while. */
class RouterCoreMoveTest extends RouterCoreCase {
  @Test
  void theOldAttemptIsNotTakenBackAndHoldsItsSlot() {
    core.nodeChanged(at(0), MINI);
    var first = only(submit(SETTLED, "r1", 1), SendTicket.class);
    core.nodeChanged(at(0), BIG);

    var moved = move("r1", 2, 1, first.node());

    assertThat(moved).noneMatch(SendCancel.class::isInstance);
    assertThat(only(moved, SendTicket.class).node()).isEqualTo(NodeId.of("studio"));
    assertThat(core.ticketed()).isEqualTo(2);
    assertThat(only(submit(SETTLED + 10, "r2", 1), Effect.ReplyQueued.class)).isNotNull();
  }

  @Test
  void theOldAttemptsEndTakesNothingFromTheNewOne() {
    core.nodeChanged(at(0), MINI);
    var first = submit(SETTLED, "r1", 1);
    core.nodeChanged(at(0), BIG);
    var second = only(move("r1", 2, 1, NodeId.of("mini")), SendTicket.class);

    close(first);

    assertThat(core.ticketed()).isEqualTo(1);
    var started =
        core.attemptStarted(at(SETTLED + 200), second.attempt(), second.term(), second.number());
    assertThat(events(started)).hasExactlyElementsOfTypes(RoutingEvent.Started.class);
    var withdrawn = core.withdraw(at(SETTLED + 300), second.attempt().request());
    assertThat(only(withdrawn, SendCancel.class).attempt()).isEqualTo(second.attempt());
  }

  @Test
  void theNewAttemptIsTakenBackOnceTheOldOneHasAnsweredThoughNobodySaysSo() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);
    core.nodeChanged(at(0), BIG);
    move("r1", 2, 1, NodeId.of("mini"));

    var effects =
        core.report(
            at(SETTLED + 100),
            report("r1", 1, AttemptOutcome.COMPLETED, true, null),
            Clusters.Edge.HERE);

    assertThat(only(effects, SendCancel.class).attempt()).isEqualTo(attempt("r1", 2));
    assertThat(core.ticketed()).as("the old one's slot, until the node frees it").isEqualTo(1);
  }

  @Test
  void aThirdAttemptReplacesTheSecondAndLeavesTheFirst() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);
    core.nodeChanged(at(0), BIG);
    move("r1", 2, 1, NodeId.of("mini"));

    var third = move("r1", 3, 1, NodeId.of("mini"));

    assertThat(only(third, SendCancel.class).attempt()).isEqualTo(attempt("r1", 2));
  }

  @Test
  void whereNobodyElseCanNothingIsRecordedAgainstTheRequest() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);

    var refused = move("r1", 2, 1, NodeId.of("mini"));

    assertThat(only(refused, ReplyRefused.class).attempt()).isEqualTo(attempt("r1", 2));
    assertThat(events(refused)).isEmpty();
    assertThat(core.ticketed()).isEqualTo(1);
  }

  @Test
  void aHandOverIsRecordedAsOneAndSpeaksAgainstNobody() {
    core.nodeChanged(at(0), MINI);
    submit(SETTLED, "r1", 1);
    for (int i = 1; i <= 20; i++) {
      var report = handedOver("r" + i, 1);
      assertThat(events(core.report(at(SETTLED), report, Clusters.Edge.HERE)))
          .hasExactlyElementsOfTypes(RoutingEvent.HandedOver.class);
    }

    core.attemptClosed(at(SETTLED + 1), attempt("r1", 1), 1, 1);
    assertThat(only(submit(SETTLED + 10, "next", 1), SendTicket.class).node())
        .isEqualTo(NodeId.of("mini"));
  }

  @Test
  void theReportOfAnOlderAttemptIsNotTakenForARepeatedOne() {
    var second = core.report(at(SETTLED), handedOver("r1", 2), Clusters.Edge.HERE);
    var first = core.report(at(SETTLED), handedOver("r1", 1), Clusters.Edge.HERE);
    var again = core.report(at(SETTLED), handedOver("r1", 1), Clusters.Edge.HERE);

    assertThat(events(second)).hasSize(1);
    assertThat(events(first)).hasSize(1);
    assertThat(events(again)).isEmpty();
  }

  @Test
  void aMoveForALateFirstTokenIsPaidAsARetryAndOneFromALeavingNodeIsNot() {
    var none = Clusters.settings("broke.router.retries { ratio = 0, per-second = 0, burst = 1 }");
    var poor = Clusters.core(none);
    poor.nodeChanged(at(0), MINI);
    poor.nodeChanged(at(0), BIG);

    move(poor, "r1", 2, 1, NodeId.of("mini"), Kind.STALLED);
    var late = move(poor, "r2", 2, 1, NodeId.of("mini"), Kind.STALLED);
    var leaving = move(poor, "r3", 2, 1, NodeId.of("mini"), Kind.NODE_STOPPING);

    assertThat(only(late, ReplyRefused.class).reason()).isEqualTo(Refusal.RETRY_BUDGET);
    assertThat(leaving).noneMatch(ReplyRefused.class::isInstance);
  }

  private List<Effect> move(String request, int number, int beside, NodeId from) {
    return move(core, request, number, beside, from, Kind.NODE_STOPPING);
  }

  private static List<Effect> move(
      RouterCore of, String request, int number, int beside, NodeId from, Kind why) {
    return of.submit(
        at(SETTLED + number),
        new Submission(
            attempt(request, number),
            facts("auto", 0.1),
            60_000,
            List.of(new Tried(from, null, why, 1)),
            null,
            beside,
            Clusters.Edge.HERE));
  }

  private static AttemptReport handedOver(String request, int number) {
    return report(request, number, AttemptOutcome.HANDED_OVER, false, "node_leaving");
  }

  private static AttemptReport report(
      String request, int number, AttemptOutcome outcome, boolean last, String error) {
    return new AttemptReport(
        attempt(request, number),
        outcome,
        last,
        ModelId.of("small"),
        NodeId.of("mini"),
        null,
        error,
        Usage.NONE,
        5L,
        10,
        5L,
        null,
        null);
  }
}
