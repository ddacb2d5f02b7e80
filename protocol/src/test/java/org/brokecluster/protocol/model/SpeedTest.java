package org.brokecluster.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedTest {
  private static final double PER_STREAM = 0.5;

  private final Speed unknown = new Speed(1000, 60, 5, false);
  private final Speed shared =
      new Speed(
          1000,
          60,
          5,
          true,
          9,
          null,
          List.of(new SharedSpeed(2, 40), new SharedSpeed(4, 30), new SharedSpeed(8, 15)));

  @Test
  void slowsDownByTheRuleWhereNothingWasMeasured() {
    assertThat(unknown.slowdown(1, PER_STREAM)).isEqualTo(1);
    assertThat(unknown.slowdown(5, PER_STREAM)).isEqualTo(3);
  }

  @Test
  void slowsDownAsMeasured() {
    assertThat(shared.slowdown(1, PER_STREAM)).isEqualTo(1);
    assertThat(shared.slowdown(2, PER_STREAM)).isEqualTo(1.5);
    assertThat(shared.slowdown(4, PER_STREAM)).isEqualTo(2);
    assertThat(shared.slowdown(8, PER_STREAM)).isEqualTo(4);
  }

  @Test
  void drawsAStraightLineBetweenWhatWasMeasuredAndGoesOnByTheRuleBeyond() {
    assertThat(shared.slowdown(3, PER_STREAM)).isEqualTo(1.75);
    assertThat(shared.slowdown(6, PER_STREAM)).isEqualTo(3);
    assertThat(shared.slowdown(10, PER_STREAM)).isEqualTo(5);
  }

  @Test
  void refusesSpeedsThatPredictInfiniteTimes() {
    assertThatThrownBy(() -> new Speed(0, 1, 1, false)).hasMessageContaining("prefill=0.0");
    assertThatThrownBy(() -> new SharedSpeed(1, 10)).hasMessageContaining("streams=1");
    assertThatThrownBy(() -> new SharedSpeed(2, 0)).hasMessageContaining("speed=0.0");
  }
}
