package org.brokecluster.shared.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryEstimateTest {
  private static final long GIB = 1L << 30;

  /** Gigabytes for each billion of weights, as mlx's formats need them. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "bf16,2.00",
    "8bit,1.06",
    "6bit,0.81",
    "5bit,0.69",
    "4bit,0.56",
    "nvfp4,0.56",
    "mxfp4,0.53"
  })
  void knowsTheWeightOfEachFormat(String format, double gigabytes) {
    long bytes =
        MemoryEstimate.weightBytes(1_000_000_000, Quantization.inName(format).orElseThrow());

    assertThat(bytes / 1e9).isCloseTo(gigabytes, Percentage.withPercentage(1));
  }

  @Test
  void kvCacheNeverShrinksAsModelsGrow() {
    long before = 0;
    for (long parameters = 100_000_000; parameters < 200_000_000_000L; parameters *= 2) {
      long now = MemoryEstimate.kvBytesPerToken(parameters);
      assertThat(now).isGreaterThanOrEqualTo(before);
      before = now;
    }
    assertThat(MemoryEstimate.kvBytesPerToken(4_020_000_000L)).isEqualTo(144 * 1024);
    assertThat(MemoryEstimate.kvBytesPerToken(32_800_000_000L)).isEqualTo(256 * 1024);
  }

  @Test
  void aResidentModelNeedsItsWeightsAndRoomForItsStreams() {
    var size = ModelSize.dense(4_000_000_000L, Quantization.BF16);

    assertThat(MemoryEstimate.residentBytes(size, 4, 1000))
        .isEqualTo(8_000_000_000L + 4 * 1000 * 144L * 1024);
  }

  @Test
  void leavesTheSystemItsShareOfMemory() {
    assertThat(MemoryEstimate.workingSet(16 * GIB) / (double) GIB)
        .isCloseTo(10.67, Percentage.withPercentage(1));
    assertThat(MemoryEstimate.workingSet(64 * GIB)).isEqualTo(48 * GIB);
  }
}
