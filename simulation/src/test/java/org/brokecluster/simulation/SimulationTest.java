package org.brokecluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulationTest {
  @Test
  void holdsForManySeeds() {
    long from = Long.getLong("from", 1), to = Long.getLong("to", 200);
    var settings = SimulationSettings.read(ConfigFactory.load(), Set.of());
    var bad = new ArrayList<Violation>();
    long steps = 0, ms = System.nanoTime();
    for (long seed = from; seed <= to; seed++) {
      var outcome = new Run(Planner.plan(seed, PlanOptions.USUAL), settings, Set.of()).play();
      steps += outcome.steps();
      if (outcome.violation() != null) {
        bad.add(outcome.violation());
        if (bad.size() < 4) {
          System.out.println(outcome.plan().summary() + "\n" + outcome.violation());
        }
      }
    }
    System.out.println(
        "steps " + steps + " in " + (System.nanoTime() - ms) / 1e6 + " ms; bad " + bad.size());
    bad.forEach(v -> System.out.println(v.seed() + " " + v.invariant() + " " + v.what()));
    assertThat(bad).isEmpty();
  }
}
