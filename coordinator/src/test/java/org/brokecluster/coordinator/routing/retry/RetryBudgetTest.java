package org.brokecluster.coordinator.routing.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetryBudgetTest {
  private static final RetrySettings SETTINGS = new RetrySettings(0.2, 1, 5);

  private final RetryBudget budget = new RetryBudget(SETTINGS, 0);

  @Test
  void allowsWhatIsSavedAndNoMore() {
    for (int i = 0; i < 5; i++) {
      assertThat(budget.spend(0, false)).isTrue();
    }

    assertThat(budget.spend(0, false)).isFalse();
    assertThat(budget.nextMs()).isEqualTo(1_000);
    assertThat(budget.denied()).isEqualTo(1);
  }

  @Test
  void earnsByNewRequestsAndALittleByTime() {
    empty(false);

    for (int i = 0; i < 5; i++) {
      budget.earn(0);
    }
    assertThat(budget.spend(0, false)).isTrue();
    assertThat(budget.spend(999, false)).isFalse();
    assertThat(budget.spend(1_000, false)).isTrue();
  }

  @Test
  void letsTheRescueOfAnAnswerOverdrawItButNotForEver() {
    empty(false);

    assertThat(empty(true)).isEqualTo(5);
    assertThat(budget.left()).isEqualTo(-5);
    assertThat(budget.spend(0, true)).isFalse();
  }

  @Test
  void savesNoMoreThanItsBurst() {
    budget.earn(1_000_000);

    assertThat(budget.left()).isEqualTo(5);
  }

  private int empty(boolean saves) {
    int spent = 0;
    while (spent < 100 && budget.spend(0, saves)) {
      spent++;
    }
    return spent;
  }

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  /** However requests and retries come, retries stay within what new requests and time earn. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverAllowsMoreThanItsBound(long seed) {
    var random = new Random(seed);
    long now = 0;
    int fresh = 0;
    for (int step = 0; step < 2_000; step++) {
      now += random.nextInt(50);
      if (random.nextInt(4) == 0) {
        budget.earn(now);
        fresh++;
      } else {
        budget.spend(now, random.nextInt(3) == 0);
      }
      double bound = 2 * SETTINGS.burst() + SETTINGS.ratio() * fresh + now / 1000.0;
      assertThat((double) budget.spent()).isLessThanOrEqualTo(bound + 1e-6);
    }
    assertThat(budget.denied()).isPositive();
  }
}
