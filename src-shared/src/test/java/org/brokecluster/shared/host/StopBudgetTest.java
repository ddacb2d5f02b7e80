package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StopBudgetTest {
  private static final Duration SIX = Duration.ofSeconds(6);

  private final StopBudget budget = new StopBudget(0);

  @Test
  void whatEarlyStepsLeaveOverIsThereForTheLaterOnes() {
    assertThat(budget.drain(SIX, 0)).isEqualTo(SIX);
    assertThat(budget.leave(millis(100))).isEqualTo(Duration.ofMillis(7_400));
    assertThat(budget.parts(millis(800))).isEqualTo(Duration.ofMillis(8_200));
    assertThat(budget.system(millis(1_500))).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void noStepUsesUpTheTimeOfALaterOne() {
    long drained = SIX.toNanos();
    long left = drained + budget.leave(drained).toNanos();
    long stopped = left + budget.parts(left).toNanos();

    assertThat(budget.leave(drained)).isEqualTo(Duration.ofMillis(1_500));
    assertThat(budget.parts(left)).isEqualTo(Duration.ofMillis(1_500));
    assertThat(budget.system(stopped)).isEqualTo(Duration.ofMillis(500));
    assertThat(stopped + budget.system(stopped).toNanos()).isLessThan(millis(10_000));
  }

  @Test
  void cutsADrainThatWouldTakeEverything() {
    assertThat(budget.drain(Duration.ofSeconds(8), 0)).isEqualTo(SIX);
  }

  @Test
  void isNeverNegative() {
    assertThat(budget.parts(millis(60_000))).isZero();
  }

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
