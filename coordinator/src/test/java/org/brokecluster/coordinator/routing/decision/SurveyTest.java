package org.brokecluster.coordinator.routing.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.decision.Places.loaded;
import static org.brokecluster.coordinator.routing.decision.Places.model;
import static org.brokecluster.coordinator.routing.decision.Places.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.brokecluster.coordinator.routing.filter.Caution;
import org.brokecluster.coordinator.routing.filter.Scope;
import org.brokecluster.coordinator.routing.quality.TierQuality;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.router.TrafficClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a survey works out once for a node or a model must not reach the next one. */
class SurveyTest {
  private static final int MODELS = 6;

  private final Places places = new Places();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void seesEachNodeAsIfItWereTheOnlyOne(long seed) {
    var random = new Random(seed);
    var nodes = new ArrayList<NodeState>();
    for (int n = 0; n < 26; n++) {
      nodes.add(drawn(random, n));
    }

    var together = survey(nodes, SurveyTest::displaced);
    var alone = new ArrayList<Candidate>();
    for (var node : nodes) {
      alone.addAll(survey(List.of(node), SurveyTest::displaced));
    }

    assertThat(together).hasSameSizeAs(alone);
    assertThat(together.stream().filter(Candidate::free).count()).isGreaterThan(20);
    assertThat(together.stream().filter(each -> each.waitMs() > 0).count()).isGreaterThan(2);
    assertThat(together.stream().filter(each -> each.loadMs() > 0).count()).isGreaterThan(20);
    assertThat(together.stream().map(SurveyTest::figures))
        .isEqualTo(alone.stream().map(SurveyTest::figures).toList());
  }

  @Test
  void twoIdleModelsOfANodeDifferInWhatTheirCachesForget() {
    var node = node("a", 64, loaded(0), loaded(1));
    var first = ModelId.of("m0");

    var candidates = survey(List.of(node), spot -> spot.model().equals(first) ? 4_000 : 0);

    // half of those that are forgotten come again: 2,000 tokens at 500 a second
    assertThat(candidates).extracting(Candidate::harmMs).containsExactly(4_000.0, 0.0);
  }

  @Test
  void anIdleModelBesideABusyOneSharesTheMachineWithIt() {
    places.open("b", "m0", 1);
    var nodes = List.of(node("a", 64, loaded(0), loaded(1)), node("b", 64, loaded(0), loaded(1)));

    var candidates = survey(nodes, spot -> 0);

    assertThat(candidates).extracting(Candidate::inFlight).containsExactly(0, 0, 1, 0);
    assertThat(candidates.get(3).prefillMs()).isEqualTo(2 * candidates.get(1).prefillMs());
    assertThat(candidates.get(3).harmMs()).isPositive();
    assertThat(candidates.get(1).harmMs()).isZero();
  }

  @Test
  void onlyAFullPlaceIsWaitedFor() {
    places.open("a", "m0", Places.SLOTS);
    var nodes = List.of(node("a", 64, loaded(0), loaded(1)));

    var candidates = survey(nodes, spot -> 0);

    assertThat(candidates.get(0).free()).isFalse();
    assertThat(candidates.get(0).waitMs()).isPositive();
    assertThat(candidates.get(1).free()).isTrue();
    assertThat(candidates.get(1).waitMs()).isZero();
  }

  /** A figure that depends on nothing but the place. */
  private static int displaced(Spot spot) {
    return (spot.node().value().charAt(5) + spot.position()) % 3 == 0 ? 900 : 0;
  }

  private static List<Object> figures(Candidate candidate) {
    return List.of(
        candidate.node(),
        candidate.model(),
        candidate.verdict(),
        candidate.pressure(),
        candidate.waitMs(),
        candidate.loadMs(),
        candidate.prefillMs(),
        candidate.decodeMs(),
        candidate.harmMs());
  }

  private List<Candidate> survey(List<NodeState> nodes, ToIntFunction<Spot> displaced) {
    var board = places.board(nodes, spot -> 0, displaced);
    var question = Places.question(TrafficClass.INTERACTIVE, 1_000, 0);
    return new Survey(question, board, Places.TUNING, new TierQuality(Places.TUNING))
        .round(new Scope(null, null), Caution.NONE);
  }

  private NodeState drawn(Random random, int number) {
    var models = new ArrayList<HostedModel>();
    var name = "node-" + (char) ('a' + number);
    int busy = random.nextInt(3);
    for (int m = 0; m < MODELS; m++) {
      if (random.nextInt(3) > 0) {
        var state = random.nextInt(2) == 0 ? ModelState.DISK : ModelState.LOADED;
        models.add(model(m, state, 4 + 4 * (m % 3)));
        if (busy > 0 && state == ModelState.LOADED && random.nextBoolean()) {
          places.open(name, "m" + m, 1 + random.nextInt(Places.SLOTS));
          busy--;
        }
      }
    }
    return node(name, random.nextInt(24), models.toArray(HostedModel[]::new));
  }
}
