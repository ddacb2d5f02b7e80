package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;
import static org.brokecluster.coordinator.routing.Clusters.submission;
import static org.brokecluster.coordinator.routing.Clusters.wishes;
import static org.brokecluster.coordinator.routing.Decisions.SETTLED;
import static org.brokecluster.coordinator.routing.Decisions.core;
import static org.brokecluster.coordinator.routing.Decisions.demo;
import static org.brokecluster.coordinator.routing.Decisions.find;
import static org.brokecluster.coordinator.routing.Decisions.place;
import static org.brokecluster.coordinator.routing.Decisions.ticket;

import java.util.ArrayList;
import org.brokecluster.coordinator.routing.Effect.ReplyQueued;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.TrafficClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the router decides on the demo's three Macs and on clusters made for one question each. */
class DecisionsTest {
  @ParameterizedTest
  @CsvSource({"0.15, basic-4b", "0.5, balanced-14b", "0.85, premium-32b"})
  void picksTheTierThatFits(double complexity, String expected) {
    assertThat(place(demo(), facts("auto", complexity)).model().value()).isEqualTo(expected);
  }

  @Test
  void prefersAModelInMemoryToTheSameOnDisk() {
    assertThat(place(demo(), facts("premium-32b", 0.5)).node().value()).isEqualTo("studio-m2");
  }

  @Test
  void loadsAModelWhereThatIsFasterThanWaiting() {
    var core = demo();
    var nodes = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      nodes.add(ticket(core, "r" + i, facts("premium-32b", 0.9)).node().value());
    }

    assertThat(nodes).containsExactly("studio-m2", "studio-m2", "studio-m1");
  }

  @Test
  void answersWithALowerTierAndMoreRiskWhereTheBestIsMissing() {
    var small = core(node("mini", model("basic-4b", Tier.BASIC, ModelState.LOADED, 2)));

    var placement = place(small, facts("auto", 0.9));

    assertThat(placement.tier()).isEqualTo(Tier.BASIC);
    assertThat(placement.qualityTemperature())
        .isGreaterThan(place(demo(), facts("auto", 0.9)).qualityTemperature() + 0.3);
  }

  @Test
  void fallsBackFromATierThatIsMissing() {
    var small = core(node("mini", model("basic-4b", Tier.BASIC, ModelState.LOADED, 2)));

    assertThat(place(small, facts("premium", 0.1)).tier()).isEqualTo(Tier.BASIC);
  }

  @Test
  void keepsToTheTierAskedFor() {
    assertThat(place(demo(), facts("premium", 0.1)).tier()).isEqualTo(Tier.PREMIUM);
    var byHeader = wishes(null, Tier.BALANCED, null, TrafficClass.INTERACTIVE);
    assertThat(place(demo(), facts("auto", 0.1, byHeader)).tier()).isEqualTo(Tier.BALANCED);
  }

  @Test
  void resolvesAliases() {
    var core =
        new RouterCore(
            1,
            Clusters.settings("broke.router.aliases { \"gpt-4o\" = premium, tiny = basic-4b }"),
            Clusters.strategies(Clusters.settings()),
            "balanced",
            at(0));
    Clusters.demo().forEach(each -> core.nodeChanged(at(0), each));

    assertThat(place(core, facts("gpt-4o", 0.1)).tier()).isEqualTo(Tier.PREMIUM);
    assertThat(place(core, facts("tiny", 0.9)).model().value()).isEqualTo("basic-4b");
  }

  @Test
  void takesTheVariantOfThePreferredQuantisationForANameThatSaysNone() {
    var core =
        core(
            node(
                "studio",
                model("maker/some-8b-8bit", Tier.BALANCED, ModelState.LOADED, 2),
                model("other/some-8b-4bit", Tier.BALANCED, ModelState.DISK, 2),
                model("other/else-8b-4bit", Tier.BALANCED, ModelState.LOADED, 2)));

    assertThat(place(core, facts("Some-8B", 0.5)).model().value()).isEqualTo("other/some-8b-4bit");
    assertThat(place(core, facts("maker/some-8b", 0.5)).model().value())
        .isEqualTo("other/some-8b-4bit");
    assertThat(place(core, facts("maker/some-8b-8bit", 0.5)).model().value())
        .isEqualTo("maker/some-8b-8bit");
    var none = core.submit(at(SETTLED), submission(attempt("r9", 1), facts("some-8b-6bit", 0.5)));
    assertThat(find(none, Effect.ReplyRefused.class).reason()).isEqualTo(Refusal.MODEL_NOT_FOUND);
  }

  @Test
  void triesTheFallbacksOfTheClientInOrder() {
    var wishes = wishes(null, null, null, TrafficClass.AGENT, "also-missing", "basic-4b");

    assertThat(place(demo(), facts("missing", 0.5, wishes)).model().value()).isEqualTo("basic-4b");
  }

  @Test
  void sendsAPinnedRequestToItsNodeOnly() {
    var pinned = wishes(null, null, "mini-m1", TrafficClass.INTERACTIVE);

    assertThat(place(demo(), facts("auto", 0.9, pinned)).node().value()).isEqualTo("mini-m1");
  }

  @Test
  void waitsForTheBetterModelOnlyWhileThatIsWorthIt() {
    var core =
        core(
            node(
                "studio",
                model("large", Tier.PREMIUM, ModelState.LOADED, 1),
                model("small", Tier.BASIC, ModelState.LOADED, 4)));
    ticket(core, "r1", facts("large", 0.9));

    var hard = core.submit(at(SETTLED), submission(attempt("r2", 1), facts("auto", 0.9)));
    var easy = core.submit(at(SETTLED), submission(attempt("r3", 1), facts("auto", 0.1)));

    assertThat(find(hard, ReplyQueued.class).etaMs()).isPositive();
    assertThat(find(easy, SendTicket.class).placement().model().value()).isEqualTo("small");
  }

  @Test
  void predictsALongerAnswerTimeWithEveryStream() {
    var core = demo();
    long before = ticket(core, "r1", facts("premium-32b", 0.9)).placement().finishMs();
    long after = ticket(core, "r2", facts("premium-32b", 0.9)).placement().finishMs();

    assertThat(after).isGreaterThan(before);
  }

  @Test
  void predictsPrefillAndDecodeFromTheSpeedsOfTheNode() {
    var core = core(node("mini", model("m", Tier.PREMIUM, ModelState.LOADED, 1)));

    var placement = place(core, facts("m", 0.5));

    // 200 prompt tokens at 400/s, 300 answer tokens at 18/s.
    assertThat(placement.firstTokenMs()).isEqualTo(Math.round(500 + 1000.0 / 18));
    assertThat(placement.finishMs()).isEqualTo(Math.round(500 + 300 * 1000.0 / 18));
  }
}
