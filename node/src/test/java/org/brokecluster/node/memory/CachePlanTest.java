package org.brokecluster.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.brokecluster.node.memory.CachePlan.Need;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CachePlanTest {
  private static final long GIB = 1L << 30;
  private static final long KIB = 1024;
  private static final MemorySettings SETTINGS =
      new MemorySettings(0.25, OptionalLong.empty(), 4, 8192, 2 * GIB, GIB);

  private final MemoryLimit large = MemoryLimit.of(64 * GIB, 48 * GIB, SETTINGS);

  @Test
  void aSmallModelGetsAllItsStreams() {
    var plan = plan(3 * GIB, 144 * KIB, large);

    assertThat(plan.slots()).isEqualTo(4);
    assertThat(plan.tokensPerSlot()).isEqualTo(8192);
    assertThat(plan.promptCacheBytes()).isEqualTo(2 * GIB);
    assertThat(plan.contextLength()).hasValue(40_960);
    long cache = 2 * GIB + 4 * 8192 * 144 * KIB;
    assertThat(plan.footprint().bytes()).isEqualTo(3 * GIB + cache + GIB);
  }

  @Test
  void aModelThatBarelyFitsGetsFewerStreamsAndAShorterContext() {
    var plan = plan(45 * GIB, 320 * KIB, large);

    assertThat(plan.slots()).isEqualTo(1);
    assertThat(plan.tokensPerSlot()).isLessThan(8192);
    assertThat(plan.contextLength().getAsInt()).isLessThan(8192);
    assertThat(plan.footprint().bytes()).isLessThanOrEqualTo(large.bytes());
  }

  @Test
  void theOwnerKeepsAShareUnlessTheOperatorSaysOtherwise() {
    assertThat(MemoryLimit.of(128 * GIB, 107 * GIB, SETTINGS).bytes()).isEqualTo(96 * GIB);
    assertThat(MemoryLimit.of(16 * GIB, 10 * GIB, SETTINGS).bytes()).isEqualTo(10 * GIB);
    var all = new MemorySettings(0.25, OptionalLong.of(120 * GIB), 4, 8192, 0, 0);
    assertThat(MemoryLimit.of(128 * GIB, 107 * GIB, all).bytes()).isEqualTo(107 * GIB);
    assertThat(MemoryLimit.of(0, 0, SETTINGS).known()).isFalse();
  }

  @Test
  void withoutALimitEverybodyGetsWhatIsWanted() {
    var plan = plan(500 * GIB, 320 * KIB, new MemoryLimit(0, 0));

    assertThat(plan.slots()).isEqualTo(4);
    assertThat(plan.contextLength()).hasValue(40_960);
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aPlanFitsWheneverAStreamOfTheSmallestSizeDoes(long seed) {
    var random = new Random(seed);
    var limit = new MemoryLimit(64 * GIB, (1 + random.nextInt(60)) * GIB);
    long weights = random.nextInt(60) * GIB;
    long perToken = (1 + random.nextInt(500)) * KIB;
    var plan = plan(weights, perToken, limit);

    var footprint = plan.footprint();
    if (footprint.least() < limit.bytes()) {
      long span = Math.max(0, footprint.bytes() - footprint.least());
      long granted = footprint.least() + (long) (random.nextDouble() * span);
      var modest = plan(weights, perToken, new MemoryLimit(64 * GIB, granted));
      assertThat(modest.footprint().bytes())
          .as("more than it was given")
          .isLessThanOrEqualTo(granted);
    }
    boolean possible = weights + GIB + 2 * 2048 * perToken <= limit.bytes() * 3 / 4;
    assertThat(plan.slots()).isBetween(1, 4);
    if (possible) {
      assertThat(plan.footprint().bytes()).isLessThanOrEqualTo(limit.bytes());
      assertThat(
              weights
                  + GIB
                  + plan.promptCacheBytes()
                  + plan.bytesFor(plan.contextLength().orElse(0)))
          .isLessThanOrEqualTo(limit.bytes());
    }
  }

  private static CachePlan plan(long weights, long perToken, MemoryLimit limit) {
    var need = new Need(weights, OptionalLong.of(perToken), 0, OptionalInt.of(40_960));
    return CachePlan.of(need, limit, SETTINGS);
  }
}
