package org.brokecluster.node.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeavingTest {
  private static final long SECOND = 1_000_000_000L;

  private final Leaving leaving = new Leaving("the lid is closing", Duration.ofSeconds(10), 100, 0);

  @Test
  void whatHasNotBegunMovesAtOnceAndIsAskedForAgainEverySecond() {
    assertThat(leaving.asks(0, 0, 0)).isTrue();
    assertThat(leaving.asks(0, 0, SECOND - 1)).isFalse();
    assertThat(leaving.asks(0, 0, SECOND)).isTrue();
  }

  @Test
  void anAnswerThatWillBeWholeSoonIsLetFinish() {
    assertThat(leaving.asks(80, 8 * SECOND, 0)).as("2 s to go").isFalse();
    assertThat(leaving.asks(10, SECOND, 0)).as("9 s to go").isTrue();
  }

  @Test
  void anAnswerOfUnknownLengthOrSpeedMoves() {
    assertThat(leaving.asks(100, SECOND, 0)).as("longer than foretold").isTrue();
    assertThat(leaving.asks(7, 8, SECOND)).as("hardly begun").isTrue();
  }

  @Test
  void nothingIsWaitedForOnceHalfOfTheTimeHasPassed() {
    assertThat(leaving.asks(99, SECOND, 5 * SECOND)).isFalse();
    assertThat(leaving.asks(99, SECOND, 5 * SECOND + 1)).isTrue();
  }
}
