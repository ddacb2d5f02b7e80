package org.brokecluster.node.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Baseline;
import org.brokecluster.protocol.model.SharedSpeed;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Usage;
import org.junit.jupiter.api.Test;

class SpeedMeterTest {
  private static final Speed ESTIMATE = new Speed(1000, 50, 10, false);
  private static final double WEIGHT = 0.2;
  private static final long NOW = 1_790_000_000L;
  private static final ModelId MODEL = ModelId.of("m");

  private final SpeedMeter fresh = SpeedMeter.of(ESTIMATE);

  @Test
  void movesFromTheEstimateToWhatItSees() {
    var once = alone(fresh, answer(2000, 0, 1000, 101, 1000));

    assertThat(once.speed()).isEqualTo(new Speed(1500, 75, 10, true, 2, NOW, List.of()));

    var meter = once;
    for (int i = 0; i < 20; i++) {
      meter = alone(meter, answer(2000, 0, 1000, 101, 1000));
    }
    assertThat(meter.speed().prefillTokensPerSecond()).isCloseTo(2000, within(20.0));
    assertThat(meter.speed().decodeTokensPerSecond()).isCloseTo(100, within(1.0));
  }

  @Test
  void countsOnlyTokensThatWereRead() {
    var meter = alone(fresh, answer(2000, 1500, 500, 1, 0));

    assertThat(meter.speed().prefillTokensPerSecond()).isEqualTo(1000);
    assertThat(alone(fresh, answer(2000, 1990, 500, 1, 0))).isEqualTo(fresh);
  }

  @Test
  void learnsNothingFromAnswersThatAreTooShort() {
    assertThat(alone(fresh, answer(10, 0, 1, 5, 1))).isEqualTo(fresh);
    assertThat(alone(fresh, answer(1000, 0, 0, 1000, 0))).isEqualTo(fresh);
  }

  @Test
  void learnsHowLongALoadTakes() {
    assertThat(fresh.loaded(20, WEIGHT, NOW).speed())
        .isEqualTo(new Speed(1000, 50, 15, false, 1, NOW, List.of()));
  }

  @Test
  void takesANewEstimateOnlyWhileNothingIsMeasured() {
    var other = new Speed(1, 1, 1, false);

    assertThat(fresh.estimated(other).speed()).isEqualTo(other);
    var measured = alone(fresh, answer(2000, 0, 1000, 101, 1000));
    assertThat(measured.estimated(other)).isSameAs(measured);
  }

  @Test
  void learnsWhatEachOfSeveralStreamsGets() {
    var meter = fresh.shared(answer(100, 0, 9, 101, 5000), 4, 1, WEIGHT, NOW);
    meter = meter.shared(answer(100, 0, 9, 101, 2500), 2, 1, WEIGHT, NOW);

    assertThat(meter.speed().shared())
        .containsExactly(new SharedSpeed(2, 40), new SharedSpeed(4, 20));
    assertThat(meter.speed().measured()).isFalse();
    assertThat(meter.speed().samples()).isEqualTo(2);
    assertThat(meter.shared(answer(100, 0, 9, 3, 5000), 4, 1, WEIGHT, NOW)).isEqualTo(meter);
  }

  @Test
  void goesOnFromWhatWasMeasuredBefore() {
    var meter = alone(fresh, answer(2000, 0, 1000, 101, 1000)).loaded(20, WEIGHT, NOW);
    var kept = meter.baseline(MODEL, "mlx", null);

    var restored = SpeedMeter.of(kept, new Speed(1, 1, 1, false));

    assertThat(restored.speed()).isEqualTo(meter.speed());
    assertThat(restored.samples()).isEqualTo(3);
  }

  @Test
  void figuresOfAnotherMachineAreABetterGuessThatMeasurementsReplace() {
    var kept =
        new Baseline(
            MODEL,
            "mlx",
            null,
            null,
            new Baseline.Mean(80, 9),
            null,
            List.of(new Baseline.Shared(2, new Baseline.Mean(60, 9))),
            NOW - 100,
            true);

    var carried = SpeedMeter.of(kept, ESTIMATE);

    assertThat(carried.speed())
        .isEqualTo(new Speed(1000, 80, 10, false, 0, NOW - 100, List.of(new SharedSpeed(2, 60))));
    assertThat(carried.estimated(new Speed(1, 1, 1, false))).isSameAs(carried);
    var measured = alone(carried, answer(10, 0, 1, 101, 2500));
    assertThat(measured.speed().decodeTokensPerSecond()).isEqualTo(60);
    assertThat(measured.speed().measured()).isTrue();
    assertThat(measured.speed().measuredAt()).isEqualTo(NOW);
  }

  private static SpeedMeter alone(SpeedMeter meter, Measurement measurement) {
    return meter.alone(measurement, WEIGHT, NOW);
  }

  private static Measurement answer(
      int prompt, int cached, long prefillMs, int completion, long decodeMs) {
    return new Measurement(
        new Usage(prompt, completion, cached),
        TimeUnit.MILLISECONDS.toNanos(prefillMs),
        TimeUnit.MILLISECONDS.toNanos(decodeMs));
  }
}
