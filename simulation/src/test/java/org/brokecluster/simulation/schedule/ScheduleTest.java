package org.brokecluster.simulation.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;

/** Small cells of the scheduling benchmark: what must not get worse unnoticed. */
class ScheduleTest {
  private static final RouterSettings SETTINGS =
      RouterSettings.from(
          new SettingsReader(
              ConfigFactory.parseString("broke.router.queue-size = 100000")
                  .withFallback(ConfigFactory.load())));
  private static final Bench BENCH =
      new Bench(SETTINGS, Strategies.of(SETTINGS.strategies(), List.of()));
  private static final TraceLoad TRACE =
      new TraceLoad("small", rows(400), Guess.USUAL, TraceLoad.TEAM);
  private static final AgentLoad AGENTS = new AgentLoad(AgentShape.USUAL, Guess.USUAL);
  private static final int SEEDS = 3;

  @Test
  void answersSoonerThanRivalsThatKnowNothingOfSpeed() {
    double ours = mean(TRACE, Fleet.DEMO, PolicyKind.BROKE, 0.5, 300);

    assertThat(ours).isLessThan(mean(TRACE, Fleet.DEMO, PolicyKind.ROUND_ROBIN, 0.5, 300));
    assertThat(ours).isLessThan(mean(TRACE, Fleet.DEMO, PolicyKind.LEAST_IN_FLIGHT, 0.5, 300));
  }

  @Test
  void staysNearWhoKnowsTheFuture() {
    double ours = mean(TRACE, Fleet.DEMO, PolicyKind.BROKE, 0.5, 300);

    assertThat(ours).isLessThan(1.4 * mean(TRACE, Fleet.DEMO, PolicyKind.CLAIRVOYANT, 0.5, 300));
  }

  @Test
  void keepsConversationsWhereTheirPromptsAreCached() {
    var ours = runs(AGENTS, Fleet.EQUAL, PolicyKind.BROKE, 0.1, 400);
    var others = runs(AGENTS, Fleet.EQUAL, PolicyKind.LEAST_IN_FLIGHT, 0.1, 400);

    assertThat(cached(ours)).isGreaterThan(cached(others) + 0.05);
    assertThat(mean(ours)).isLessThan(mean(others));
  }

  @Test
  void answersEverythingThoughLaptopsLeave() {
    for (var policy : PolicyKind.values()) {
      var tally = BENCH.play(TRACE, Fleet.UNEQUAL, policy, 0.2, 400, 5);

      assertThat(tally.answered()).as(policy.label()).isEqualTo(400);
      assertThat(tally.losses()).as(policy.label()).isPositive();
    }
  }

  @Test
  void givesTheSameFiguresForTheSameSeed() {
    var once = BENCH.play(AGENTS, Fleet.DEMO, PolicyKind.BROKE, 0.1, 200, 3);
    var again = BENCH.play(AGENTS, Fleet.DEMO, PolicyKind.BROKE, 0.1, 200, 3);

    assertThat(once.meanFinish()).isEqualTo(again.meanFinish());
    assertThat(once.p99Finish()).isEqualTo(again.p99Finish());
  }

  @Test
  void comparesRunByRunWithAnInterval() {
    var cell =
        new Study(SETTINGS, BENCH.strategies(), 60, 1, 2)
            .cell(TRACE, Fleet.DEMO, 0.5, 0.6, seed -> {});

    assertThat(cell.ratio(PolicyKind.BROKE, Cell.Figures::mean).value()).isEqualTo(1);
    assertThat(cell.text()).contains("broke", "clairvoyant", "x mean");
    assertThat(cell.json()).contains("\"residency-first\"");
  }

  private static double mean(Load load, Fleet fleet, PolicyKind policy, double rate, int requests) {
    return mean(runs(load, fleet, policy, rate, requests));
  }

  private static double mean(List<Tally> runs) {
    return runs.stream().mapToDouble(Tally::meanFinish).average().orElseThrow();
  }

  private static double cached(List<Tally> runs) {
    return runs.stream().mapToDouble(Tally::cachedShare).average().orElseThrow();
  }

  private static List<Tally> runs(
      Load load, Fleet fleet, PolicyKind policy, double rate, int requests) {
    var runs = new ArrayList<Tally>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      runs.add(BENCH.play(load, fleet, policy, rate, requests, seed));
    }
    return runs;
  }

  /** Lengths like those of conversations, at random times. */
  private static List<TraceLoad.Row> rows(int count) {
    var random = new Random(17);
    var rows = new ArrayList<TraceLoad.Row>();
    double at = 0;
    for (int i = 0; i < count; i++) {
      at += -Math.log(1 - random.nextDouble());
      int prompt = (int) (900 * Math.exp(0.8 * random.nextGaussian()));
      int answer = (int) (150 * Math.exp(0.9 * random.nextGaussian()));
      rows.add(new TraceLoad.Row(at, Math.max(1, prompt), Math.max(1, answer)));
    }
    return rows;
  }
}
