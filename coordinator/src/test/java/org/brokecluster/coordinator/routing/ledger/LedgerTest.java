package org.brokecluster.coordinator.routing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.routing.queue.Flow;
import org.brokecluster.coordinator.routing.state.Echo;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Flow FLOW = new Flow(TrafficClass.INTERACTIVE, "ada");
  private static final NodeId MINI = NodeId.of("mini");
  private static final NodeId STUDIO = NodeId.of("studio");
  private static final ModelId MODEL = ModelId.of("m");
  private static final long TERM = 4;

  private final Ledger ledger = new Ledger();

  @Test
  void numbersTicketsByNode() {
    assertThat(open("a", MINI).number()).isEqualTo(1);
    assertThat(open("b", STUDIO).number()).isEqualTo(1);
    assertThat(open("c", MINI).number()).isEqualTo(2);
    assertThat(ledger.openByNode()).containsEntry(MINI, 2).containsEntry(STUDIO, 1);
  }

  @Test
  void refusesASecondTicketForAnAttempt() {
    open("a", MINI);

    assertThatThrownBy(() -> open("a", STUDIO)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void addsWhatTheNodeReportsBeyondItsTickets() {
    open("a", MINI);

    ledger.reconcile(report(1, TERM, 1, 3, 1L), TERM, 0);

    assertThat(ledger.work(MINI).inFlight(MODEL)).isEqualTo(3);
    assertThat(ledger.work(MINI).open()).isEqualTo(1);
  }

  @Test
  void countsWorkOfAnEarlierTermAsForeign() {
    open("a", MINI);

    ledger.reconcile(report(1, TERM - 1, 17, 2, 16L, 17L), TERM, 0);

    assertThat(ledger.work(MINI).inFlight(MODEL)).isEqualTo(3);
  }

  @Test
  void doesNotCountAClosedTicketThatALateReportStillShows() {
    var ticket = open("a", MINI);
    ledger.close(ticket);

    ledger.reconcile(report(1, TERM, 1, 1, 1L), TERM, 0);
    assertThat(ledger.work(MINI).inFlight(MODEL)).isZero();

    ledger.reconcile(report(2, TERM, 1, 1), TERM, 0);
    assertThat(ledger.work(MINI).inFlight(MODEL)).as("foreign after the echo").isEqualTo(1);
  }

  @Test
  void countsATicketTakenBackUntilTheNodeLetsGo() {
    var ticket = open("a", MINI);
    ledger.takeBack(ticket);
    assertThat(ledger.work(MINI).inFlight(MODEL)).isZero();

    ledger.reconcile(report(1, TERM, 1, 1, 1L), TERM, 0);
    assertThat(ledger.work(MINI).inFlight(MODEL)).isEqualTo(1);

    ledger.reconcile(report(2, TERM, 1, 0), TERM, 0);
    assertThat(ledger.work(MINI).inFlight(MODEL)).isZero();
  }

  @Test
  void givesUpATicketAfterTwoReportsWithoutIt() {
    open("a", MINI);
    var kept = open("b", MINI);

    assertThat(ledger.reconcile(report(1, TERM, 2, 1, 2L), TERM, 0)).isEmpty();
    assertThat(ledger.reconcile(report(1, TERM, 2, 1, 2L), TERM, 0)).as("an old report").isEmpty();
    var gone = ledger.reconcile(report(2, TERM, 2, 1, 2L), TERM, 0);

    assertThat(gone).extracting(ticket -> ticket.attempt()).containsExactly(attempt("a"));
    assertThat(ledger.find(attempt("a"))).isNull();
    assertThat(ledger.find(attempt("b"))).isEqualTo(kept);
  }

  @Test
  void givesUpATicketThatAnIdleNodeHasNotHadForAWhile() {
    open("a", MINI);
    ledger.reconcile(report(1, TERM, 1, 0), TERM, 1_000);

    assertThat(ledger.overdue(2_999)).isEmpty();
    assertThat(ledger.overdue(3_000)).hasSize(1);
    assertThat(ledger.size()).isZero();
    assertThat(ledger.work(MINI).inFlight(MODEL)).isZero();
  }

  @Test
  void startsCountingAnewWhenATicketShowsUpAgain() {
    open("a", MINI);

    ledger.reconcile(report(1, TERM, 1, 0), TERM, 0);
    ledger.reconcile(report(2, TERM, 1, 1, 1L), TERM, 0);

    assertThat(ledger.reconcile(report(3, TERM, 1, 0), TERM, 0)).isEmpty();
    assertThat(ledger.reconcile(report(4, TERM, 1, 0), TERM, 0)).hasSize(1);
  }

  @Test
  void keepsTicketsAboveTheEcho() {
    open("a", MINI);
    open("b", MINI);

    for (int i = 1; i < 5; i++) {
      assertThat(ledger.reconcile(report(i, TERM, 1, 1, 1L), TERM, 0)).isEmpty();
    }

    assertThat(ledger.size()).isEqualTo(2);
  }

  @Test
  void losesEverythingOfANodeThatIsGone() {
    open("a", MINI);
    open("b", STUDIO);

    assertThat(ledger.drop(MINI)).hasSize(1);

    assertThat(ledger.size()).isEqualTo(1);
    assertThat(ledger.find(attempt("a"))).isNull();
    assertThat(open("c", MINI).number()).isEqualTo(1);
  }

  @Test
  void predictsTheEndOfTheSoonestTicket() {
    ledger.open(attempt("a"), MINI, MODEL, FLOW, 1_000, 8_000);
    ledger.open(attempt("b"), MINI, MODEL, FLOW, 2_000, 3_000);

    assertThat(ledger.work(MINI).soonestMs(MODEL, 3_000)).isEqualTo(2_000);
    assertThat(ledger.work(MINI).soonestMs(MODEL, 60_000)).as("overdue").isEqualTo(300);
    assertThat(ledger.work(STUDIO).soonestMs(MODEL, 0)).isEqualTo(-1);
  }

  private OpenTicket open(String request, NodeId node) {
    return ledger.open(attempt(request), node, MODEL, FLOW, 0, 1_000);
  }

  private static AttemptId attempt(String request) {
    return new AttemptId(RequestId.of(request), 1);
  }

  private static NodeState report(
      long reports, long term, long ticketSeen, int running, Long... open) {
    var facts =
        new ModelFacts(
            MODEL, Tier.BASIC, "simulated", true, null, null, null, null, 4, Set.of(Ability.CHAT));
    var load =
        new ModelLoad(
            MODEL, ModelState.LOADED, null, null, running, 0, false, new Speed(1, 1, 1, false));
    return new NodeState(
        MINI,
        1,
        Reach.UP,
        null,
        new Echo(reports, term, ticketSeen, List.of(open)),
        0,
        0,
        List.of(new HostedModel(facts, load)));
  }
}
