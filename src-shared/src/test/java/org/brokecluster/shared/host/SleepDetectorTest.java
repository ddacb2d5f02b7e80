package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SleepDetectorTest {
  private final SleepDetector detector =
      new SleepDetector(Duration.ofSeconds(1), Duration.ofSeconds(3));

  @Test
  void aTickThatComesThreeSecondsLateIsASleep() {
    assertThat(detector.tick(1_000)).isZero();
    assertThat(detector.tick(4_999)).as("2999 ms late: a busy machine").isZero();
    assertThat(detector.tick(8_999)).isEqualTo(Duration.ofSeconds(3));
    assertThat(detector.tick(9_999)).isZero();
    assertThat(detector.tick(610_999)).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void aClockThatIsSetBackIsNone() {
    detector.tick(100_000);

    assertThat(detector.tick(5_000)).isZero();
    assertThat(detector.tick(6_000)).isZero();
  }
}
