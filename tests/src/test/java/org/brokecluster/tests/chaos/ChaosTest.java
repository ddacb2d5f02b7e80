package org.brokecluster.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.brokecluster.tests.chaos.Tale.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifteen things happen to a cluster under load; nobody gets a wrong answer, or none. */
class ChaosTest {
  private static final long SEED = 4;
  private static final double ERRORS_MAX = 0.1;

  @TempDir private Path dir;

  @Test
  void whateverHappensNoAnswerIsWrongLostOrHungAndNothingLeaks() {
    var story = new StringBuilder();

    var report =
        ChaosRun.run(
            dir,
            new ChaosRun.Plan(SEED, 10, Duration.ofSeconds(4), 8),
            line -> story.append(line).append('\n'));

    var summary = report.summary();
    var told = "%s%n%s%n%s".formatted(story, summary, report);
    assertThat(report.wrong()).as(told).isEmpty();
    assertThat(report.leaked()).as(told).isZero();
    assertThat(summary.count(End.ANSWERED)).as(told).isGreaterThan(50);
    assertThat(summary.rescued()).as(told).isPositive();
    assertThat(summary.count(End.ERROR))
        .as(told)
        .isLessThanOrEqualTo((int) (ERRORS_MAX * summary.requests()));
  }
}
