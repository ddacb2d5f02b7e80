package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.submission;

import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.junit.jupiter.api.Test;

/** The router leaves a place alone that fails again and again, while others can answer. */
class RouterCoreBreakerTest {
  private static final long SETTLED = 10_000;

  private final RouterCore core = Clusters.core(Clusters.settings());
  private int requests;

  @Test
  void goesElsewhereAfterFiveFailuresAndComesBackForAProbe() {
    core.nodeChanged(at(0), RouterCoreTest.MINI);
    core.nodeChanged(at(0), RouterCoreTest.BIG);
    var preferred = ask(SETTLED).node();
    for (int i = 0; i < 4; i++) {
      fail(SETTLED, AttemptFailure.Kind.RUNTIME_ERROR);
    }
    assertThat(ask(SETTLED).node()).isEqualTo(preferred);

    fail(SETTLED, AttemptFailure.Kind.RUNTIME_ERROR);

    assertThat(ask(SETTLED + 100).node()).isNotEqualTo(preferred);
    assertThat(ask(SETTLED + 6_100).node()).as("a probe").isEqualTo(preferred);
  }

  @Test
  void usesAFailingPlaceRatherThanNone() {
    core.nodeChanged(at(0), RouterCoreTest.MINI);
    for (int i = 0; i < 6; i++) {
      fail(SETTLED, AttemptFailure.Kind.STALLED);
    }

    assertThat(ask(SETTLED + 100).node()).isEqualTo(NodeId.of("mini"));
  }

  @Test
  void doesNotCountWhatIsTheClientsOwnMistake() {
    core.nodeChanged(at(0), RouterCoreTest.MINI);
    core.nodeChanged(at(0), RouterCoreTest.BIG);
    var preferred = ask(SETTLED).node();
    for (int i = 0; i < 20; i++) {
      fail(SETTLED, AttemptFailure.Kind.BAD_REQUEST);
    }

    assertThat(ask(SETTLED + 100).node()).isEqualTo(preferred);
  }

  /** Places a request, and gives its slot back at once. */
  private SendTicket ask(long now) {
    var id = attempt("q" + ++requests, 1);
    var ticket =
        core.submit(at(now), submission(id, facts("auto", 0.1))).stream()
            .filter(SendTicket.class::isInstance)
            .map(SendTicket.class::cast)
            .findFirst()
            .orElseThrow();
    core.attemptClosed(at(now), ticket.attempt(), ticket.term(), ticket.number());
    return ticket;
  }

  private void fail(long now, AttemptFailure.Kind kind) {
    var ticket = ask(now);
    core.report(
        at(now),
        new AttemptReport(
            ticket.attempt(),
            AttemptOutcome.FAILED,
            true,
            ticket.placement().model(),
            ticket.node(),
            null,
            "x",
            Usage.NONE,
            null,
            5,
            null,
            kind,
            null),
        Clusters.Edge.HERE);
  }
}
