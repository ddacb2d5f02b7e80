package org.brokecluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.Set;
import org.brokecluster.simulation.PlayedClient.End;
import org.junit.jupiter.api.Test;

/** Hundreds of runs of the product's core with everything going wrong; CI may play more. */
class SimulationTest {
  /** The same seeds on every machine, however fast it is: a failure anywhere is one everywhere. */
  private static final int SEEDS = Integer.getInteger("broke.simulation.seeds", 300);

  private final SimulationSettings settings =
      SimulationSettings.read(ConfigFactory.load(), Set.of());

  @Test
  void keepsEveryPromiseWhateverGoesWrong() {
    var campaign = new Campaign(settings, PlanOptions.USUAL, Set.of());
    var result = campaign.play(1, SEEDS, done -> {});

    int runs = result.runs();
    assertThat(result.violations()).isEmpty();
    assertThat(result.kinds()).as("kinds of runs").hasSize(Plan.Kind.values().length);
    assertThat(result.ends()).as("ways to end").hasSize(End.values().length);
    assertThat(result.brokenAttempts()).as("broken attempts").isGreaterThan(runs);
    assertThat(result.rescued()).as("answers that went on elsewhere").isGreaterThan(runs / 10);
  }

  @Test
  void isTheSameEachTimeASeedIsPlayed() {
    for (long seed = 1; seed <= 30; seed++) {
      var first = play(seed);
      var second = play(seed);

      assertThat(second.fingerprint()).as("seed %d", seed).isEqualTo(first.fingerprint());
      assertThat(second.steps()).isEqualTo(first.steps());
    }
  }

  @Test
  void playsLargerAndLongerRuns() {
    var large = new Campaign(settings, new PlanOptions(8, 3), Set.of());

    assertThat(large.play(1, 10, done -> {}).violations()).isEmpty();
  }

  private Outcome play(long seed) {
    return new Campaign(settings, PlanOptions.USUAL, Set.of()).play(seed);
  }
}
