package org.brokecluster.shared.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpeedEstimateTest {
  private static final Chip M4_MAX = Chip.parse("M4 Max 40").orElseThrow();

  /** mlx-lm BENCHMARKS.md, M4 Max, mlx-lm 0.28.2. */
  @ParameterizedTest(name = "{0} {2}")
  @CsvSource({
    "4.02e9,4.02e9,bf16,1780,52.5",
    "4.02e9,4.02e9,8bit,1607,86.9",
    "4.02e9,4.02e9,6bit,1577,104.7",
    "4.02e9,4.02e9,5bit,1584,116.4",
    "4.02e9,4.02e9,4bit,1622,134.5",
    "30.5e9,3.3e9,8bit,1719,83.2",
    "30.5e9,3.3e9,6bit,1667,94.1",
    "30.5e9,3.3e9,5bit,1664,101",
    "30.5e9,3.3e9,4bit,1754,113.3"
  })
  void meetsTheMeasuredFiguresOfMlx(
      double parameters, double active, String format, double prefill, double decode) {
    var size =
        ModelSize.of((long) parameters, (long) active, Quantization.inName(format).orElseThrow());

    var estimate = SpeedEstimate.of(M4_MAX, size);

    assertThat(estimate.decodeTokensPerSecond()).isCloseTo(decode, Percentage.withPercentage(10));
    assertThat(estimate.prefillTokensPerSecond()).isCloseTo(prefill, Percentage.withPercentage(20));
  }

  /** llama.cpp discussion 4167, LLaMA-7B Q4_0: another engine, so only roughly alike. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"M1,14", "M1 Pro,36", "M2 Ultra,94", "M2 Pro,38", "M4,24", "M4 Pro,50"})
  void isInTheRangeOfLlamaCppOnOtherChips(String chip, double decode) {
    var size = new ModelSize(6_740_000_000L, 6_740_000_000L, 3_830_000_000L);

    var estimate = SpeedEstimate.of(Chip.parse(chip).orElseThrow(), size);

    assertThat(estimate.decodeTokensPerSecond()).isCloseTo(decode, Percentage.withPercentage(35));
  }

  @Test
  void loadsAMidSizeModelInSecondsAndAHugeOneInAboutAMinute() {
    var ultra = Chip.parse("M3 Ultra").orElseThrow();
    var mid = ModelSize.dense(14_000_000_000L, Quantization.inName("4bit").orElseThrow());
    var huge = new ModelSize(1_000_000_000_000L, 32_000_000_000L, 433_000_000_000L);

    assertThat(SpeedEstimate.of(M4_MAX, mid).loadSeconds()).isBetween(3.0, 10.0);
    assertThat(SpeedEstimate.of(ultra, huge).loadSeconds()).isCloseTo(60, within(10.0));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void isNeverFasterOnAWeakerChipOrALargerModel(long seed) {
    var random = new Random(seed);
    var format = new Quantization("x", 2 + random.nextDouble() * 14);
    long small = 100_000_000L + (long) (random.nextDouble() * 5e10);
    var smaller = ModelSize.dense(small, format);
    var larger = ModelSize.dense(small + 1 + (long) (random.nextDouble() * 5e10), format);
    double factor = 0.1 + random.nextDouble() * 0.9;
    var weaker = new Chip("weak", 546 * factor, factor, 7 * factor);

    var best = SpeedEstimate.of(M4_MAX, smaller);

    for (var other :
        new SpeedEstimate[] {SpeedEstimate.of(M4_MAX, larger), SpeedEstimate.of(weaker, smaller)}) {
      assertThat(other.decodeTokensPerSecond()).isLessThan(best.decodeTokensPerSecond());
      assertThat(other.prefillTokensPerSecond()).isLessThan(best.prefillTokensPerSecond());
      assertThat(other.loadSeconds()).isGreaterThan(best.loadSeconds());
    }
  }

  @Test
  void streamsSlowEachOtherButMakeMoreInAll() {
    double before = 0;
    for (int n = 1; n <= 32; n++) {
      double share = SpeedEstimate.decodeShare(n, 1);
      assertThat(n * share).isGreaterThan(before);
      assertThat(share).isLessThanOrEqualTo(1);
      before = n * share;
    }
    assertThat(16 * SpeedEstimate.decodeShare(16, 1)).isCloseTo(69.1 / 25.4, within(0.1));
    assertThat(SpeedEstimate.decodeShare(1, 2)).isEqualTo(0.5);
    assertThat(SpeedEstimate.prefillShare(4, 1)).isEqualTo(0.25);
  }
}
