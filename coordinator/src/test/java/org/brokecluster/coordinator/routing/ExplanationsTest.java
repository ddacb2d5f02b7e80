package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;
import static org.brokecluster.coordinator.routing.Clusters.submission;
import static org.brokecluster.coordinator.routing.Decisions.SETTLED;
import static org.brokecluster.coordinator.routing.Decisions.core;
import static org.brokecluster.coordinator.routing.Decisions.demo;
import static org.brokecluster.coordinator.routing.Decisions.explain;

import java.util.ArrayList;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.junit.jupiter.api.Test;

/** What is said about a decision afterwards. */
class ExplanationsTest {
  @Test
  void saysHowManyRequestsLessWouldTurnTheDecision() {
    var core =
        core(
            node("a", model("m", Tier.BASIC, ModelState.LOADED, 4)),
            node("b", model("m", Tier.BASIC, ModelState.LOADED, 4)));
    for (int i = 0; i < 3; i++) {
      core.submit(at(SETTLED), submission(attempt("r" + i, 1), facts("auto", 0.1)));
    }

    var explanation = explain(core, "r2");

    // a and b have one request each; a wins by its name, and b would with one request less.
    assertThat(explanation.chosen().node().value()).isEqualTo("a");
    assertThat(explanation.whatWouldFlip()).isEqualTo("if b had 1 fewer request of m");
  }

  @Test
  void saysWhenALoadWouldTurnTheDecision() {
    var core =
        core(
            node("a", model("m", Tier.BASIC, ModelState.LOADED, 4)),
            node("b", Clusters.model("m", Tier.BASIC, ModelState.DISK, 4, 8, 0, Clusters.CHAT)));
    core.submit(at(SETTLED), submission(attempt("r", 1), facts("auto", 0.1)));
    var explanation = explain(core, "r");

    if (explanation.chosen().node().value().equals("a")) {
      assertThat(explanation.whatWouldFlip()).isEqualTo("if m were loaded on b");
    } else {
      assertThat(explanation.whatWouldFlip()).contains("if m on a were better in speed");
    }
  }

  @Test
  void saysWhichStrategyWouldTurnTheDecision() {
    var core =
        core(
            node("a", model("large", Tier.PREMIUM, ModelState.LOADED, 4)),
            node("b", model("small", Tier.BASIC, ModelState.LOADED, 4)));
    core.submit(at(SETTLED), submission(attempt("r", 1), facts("auto", 0.9)));
    var explanation = explain(core, "r");

    assertThat(explanation.chosen().model().value()).isEqualTo("large");
    assertThat(explanation.whatWouldFlip()).startsWith("with the strategy balanced:0.");
    var named = explanation.whatWouldFlip().replaceFirst(".* ", "");
    assertThat(core.setStrategy(at(SETTLED), named)).isPresent();
    assertThat(core.dryRun(at(SETTLED), facts("auto", 0.9)).chosen().model().value())
        .isEqualTo("small");
  }

  @Test
  void explainsWhyEachCandidateLost() {
    var core = demo();
    core.nodeChanged(at(1), Clusters.with(Clusters.demo().get(1), Reach.UP, true, 7));
    core.submit(at(SETTLED), submission(attempt("r", 1), facts("auto", 0.9)));

    var rows = explain(core, "r").candidates();

    assertThat(rows.get(0).verdict()).isEqualTo(Verdict.CHOSEN);
    assertThat(rows)
        .filteredOn(row -> row.node().value().equals("studio-m1"))
        .allSatisfy(row -> assertThat(row.verdict()).isEqualTo(Verdict.DRAINING));
    assertThat(rows)
        .filteredOn(row -> row.verdict() == Verdict.OUTSCORED)
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.why()).contains("behind, most in"));
  }

  @Test
  void keepsTheRecordOfADecisionSmall() {
    var models = new ArrayList<HostedModel>();
    for (int i = 0; i < 40; i++) {
      models.add(model("m" + i + "x".repeat(150), Tier.BASIC, ModelState.LOADED, 1));
    }
    var core = core(node("a", models.toArray(new HostedModel[0])));

    var decided =
        core.submit(at(SETTLED), submission(attempt("r", 1), facts("auto", 0.1))).stream()
            .filter(effect -> effect instanceof Effect.Emit)
            .map(effect -> ((Effect.Emit) effect).event())
            .filter(Decided.class::isInstance)
            .map(Decided.class::cast)
            .findFirst()
            .orElseThrow();

    assertThat(decided.toString().length()).isLessThan(2_300);
    assertThat(decided.best()).isNotEmpty();
    assertThat(decided.lost().values().stream().mapToInt(each -> each).sum())
        .isEqualTo(40 - decided.best().size());
  }
}
