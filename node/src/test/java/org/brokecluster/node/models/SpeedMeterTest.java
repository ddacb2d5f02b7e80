package org.brokecluster.node.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Usage;
import org.junit.jupiter.api.Test;

class SpeedMeterTest {
  private static final Speed ESTIMATE = new Speed(1000, 50, 10, false);
  private static final double WEIGHT = 0.2;

  private final SpeedMeter fresh = SpeedMeter.of(ESTIMATE);

  @Test
  void movesFromTheEstimateToWhatItSees() {
    var once = fresh.after(answer(2000, 0, 1000, 101, 1000), WEIGHT);

    assertThat(once.speed()).isEqualTo(new Speed(1500, 75, 10, true));

    var meter = once;
    for (int i = 0; i < 20; i++) {
      meter = meter.after(answer(2000, 0, 1000, 101, 1000), WEIGHT);
    }
    assertThat(meter.speed().prefillTokensPerSecond()).isCloseTo(2000, within(20.0));
    assertThat(meter.speed().decodeTokensPerSecond()).isCloseTo(100, within(1.0));
  }

  @Test
  void countsOnlyTokensThatWereRead() {
    var meter = fresh.after(answer(2000, 1500, 500, 1, 0), WEIGHT);

    assertThat(meter.speed().prefillTokensPerSecond()).isEqualTo(1000);
    assertThat(fresh.after(answer(2000, 1990, 500, 1, 0), WEIGHT)).isEqualTo(fresh);
  }

  @Test
  void learnsNothingFromAnswersThatAreTooShort() {
    assertThat(fresh.after(answer(10, 0, 1, 5, 1), WEIGHT)).isEqualTo(fresh);
    assertThat(fresh.after(answer(1000, 0, 0, 1000, 0), WEIGHT)).isEqualTo(fresh);
  }

  @Test
  void learnsHowLongALoadTakes() {
    assertThat(fresh.loaded(20, WEIGHT).speed()).isEqualTo(new Speed(1000, 50, 15, false));
  }

  @Test
  void takesANewEstimateOnlyWhileNothingIsMeasured() {
    var other = new Speed(1, 1, 1, false);

    assertThat(fresh.estimated(other).speed()).isEqualTo(other);
    var measured = fresh.after(answer(2000, 0, 1000, 101, 1000), WEIGHT);
    assertThat(measured.estimated(other)).isSameAs(measured);
  }

  private static Measurement answer(
      int prompt, int cached, long prefillMs, int completion, long decodeMs) {
    return new Measurement(
        new Usage(prompt, completion, cached),
        TimeUnit.MILLISECONDS.toNanos(prefillMs),
        TimeUnit.MILLISECONDS.toNanos(decodeMs));
  }
}
