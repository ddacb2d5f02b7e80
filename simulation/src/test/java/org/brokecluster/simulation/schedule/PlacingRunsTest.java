package org.brokecluster.simulation.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scheduling benchmark keeps, and the tables it makes of it. */
class PlacingRunsTest {
  @TempDir private Path folder;

  @Test
  void goesOnFromWhatItHasWritten() throws IOException {
    var file = folder.resolve("runs.jsonl");
    var first = new PlacingRuns(file);
    first.add(new PlacingRuns.Highest("day", "demo", "clairvoyant", 0.7));
    first.add(run(102, 20, 60));
    first.add(run(101, 10, 20));

    var again = new PlacingRuns(file);

    assertThat(again.highest("day", "demo", "clairvoyant"))
        .isEqualTo(new PlacingRuns.Highest("day", "demo", "clairvoyant", 0.7));
    assertThat(again.run("day", "demo", 0.8, 102)).isEqualTo(run(102, 20, 60));
    assertThat(again.run("day", "demo", 0.8, 103)).isNull();
    assertThat(again.run("day", "4 equal", 0.8, 102)).isNull();
    assertThat(again.cell("day", "demo", 0.8))
        .extracting(PlacingRuns.Run::seed)
        .containsExactly(101L, 102L);
  }

  @Test
  void putsRunsOfAllSeedsIntoOneRow() throws IOException {
    var runs = new PlacingRuns(folder.resolve("runs.jsonl"));
    for (long seed = 101; seed < 121; seed += 2) {
      runs.add(run(seed + 1, 20, 60));
      runs.add(run(seed, 10, 20));
    }
    runs.add(new PlacingRuns.Highest("day", "demo", "broke", 0.6543));

    var lines = new PlacingPage(runs, List.of("day")).text().lines().toList();

    // 40 against 15 seconds on average; alone, a run would make 2 or 3
    assertThat(lines.get(2))
        .matches("\\| day, demo, 0.8, 20 \\| 15.0 s \\| 2.67\\+ \\(2.[3-5]\\d–2.[78]\\d\\) \\| .*")
        .contains("| = least |");
    assertThat(lines).contains("day, demo: broke 0.654/s");
  }

  @Test
  void twoRunsMakeNoInterval() throws IOException {
    var runs = new PlacingRuns(folder.resolve("runs.jsonl"));
    runs.add(run(101, 10, 20));
    runs.add(run(102, 20, 60));

    var lines = new PlacingPage(runs, List.of("day")).text().lines().toList();

    assertThat(lines.get(2)).startsWith("| day, demo, 0.8, 2 | 15.0 s | 2.67 | 2.67 | 2.67 |");
  }

  /** One in which everybody else takes so many seconds. */
  private static PlacingRuns.Run run(long seed, double ours, double theirs) {
    var policies = new TreeMap<String, PlacingRuns.Figures>();
    for (var policy : PolicyKind.values()) {
      double mean = policy == PolicyKind.BROKE ? ours : theirs;
      policies.put(policy.label(), new PlacingRuns.Figures(mean, 2 * mean, 1, 0));
    }
    return new PlacingRuns.Run("day", "demo", 0.8, 0.56, seed, policies);
  }
}
