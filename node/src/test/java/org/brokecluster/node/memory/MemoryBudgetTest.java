package org.brokecluster.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.brokecluster.node.memory.MemoryBudget.Alternative;
import org.brokecluster.protocol.id.ModelId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MemoryBudgetTest {
  private static final long GB = 1_000_000_000L;
  private static final ModelId WANTED = ModelId.of("mlx-community/Qwen3-32B-8bit");

  private final MemoryBudget budget =
      new MemoryBudget(new MemoryLimit(64 * GB, 48 * GB), OptionalLong.empty());

  @Test
  void whatFitsNeedsNobodyToGo() {
    assertThat(room(need(20), List.of(idle("a", 10), idle("b", 18)))).isEqualTo(fits(20));
  }

  @Test
  void theLeastValuableIdleModelsGo() {
    var loved = new Resident(ModelId.of("loved"), 10 * GB, false, 0, true, 5, 20, 10);
    var fresh = new Resident(ModelId.of("fresh"), 10 * GB, false, 0, true, 1, 1, 10);
    var stale = new Resident(ModelId.of("stale"), 10 * GB, false, 0, true, 9_999, 0, 10);

    assertThat(room(need(20), List.of(loved, fresh, stale))).isEqualTo(fits(20, "stale"));
    assertThat(room(need(30), List.of(loved, fresh, stale))).isEqualTo(fits(30, "stale", "fresh"));
  }

  @Test
  void lessCacheIsBetterThanAnEviction() {
    var need = new Footprint(10 * GB, 20 * GB, 0, 5 * GB);

    assertThat(room(need, List.of(idle("a", 30)))).isEqualTo(fits(18));
    assertThat(room(need, List.of(idle("a", 34)))).isEqualTo(fits(30, "a"));
  }

  @Test
  void oneThatIsLargeEnoughSparesTheSmallOnesBeforeIt() {
    var small = new Resident(ModelId.of("small"), 4 * GB, false, 0, true, 9_999, 0, 1);
    var large = new Resident(ModelId.of("large"), 30 * GB, false, 0, true, 100, 0, 30);

    assertThat(room(need(40), List.of(small, large))).isEqualTo(fits(40, "large"));
  }

  @Test
  void aRefusalShowsTheArithmetic() {
    var used = new Resident(ModelId.of("a"), 20_100_000_000L, false, 2, true, 0, 1, 10);
    var pinned = new Resident(ModelId.of("b"), 9 * GB, true, 0, true, 0, 1, 10);
    var need = new Footprint(38_200_000_000L, 2_100_000_000L, 800_000_000L, 2_100_000_000L);
    var others =
        List.of(
            new Alternative(ModelId.of("mlx-community/Qwen3-32B-4bit"), 18_500_000_000L),
            new Alternative(ModelId.of("mlx-community/Qwen3-32B-6bit"), 27 * GB),
            new Alternative(ModelId.of("mlx-community/Llama-3.1-8B-4bit"), 6 * GB));

    var refused = (RoomPlan.Refused) budget.room(WANTED, need, List.of(used, pinned), others);

    assertThat(refused.ever()).isTrue();
    assertThat(refused.message())
        .contains("mlx-community/Qwen3-32B-8bit needs 38.2 GB weights + 2.1 GB KV cache")
        .contains("+ 0.8 GB overhead = 41.1 GB")
        .contains("this machine gives models 48.0 GB of 64.0 GB, 18.9 GB are free")
        .contains("a (20.1 GB, in use), b (9.0 GB, pinned)")
        .contains("Qwen3-32B-4bit (18.5 GB) is on this disk and fits")
        .doesNotContain("Llama", "6bit");
  }

  @Test
  void takesOnlyWhatTheSystemHasLeftWhileItIsShort() {
    var pressed = new MemoryBudget(new MemoryLimit(64 * GB, 48 * GB), OptionalLong.of(6 * GB));

    assertThat(pressed.room(WANTED, need(5), List.of(), List.of())).isEqualTo(fits(5));
    assertThat(pressed.room(WANTED, need(20), List.of(idle("a", 18)), List.of()))
        .isEqualTo(fits(20, "a"));
    var refused = (RoomPlan.Refused) pressed.room(WANTED, need(20), List.of(), List.of());
    assertThat(refused.ever()).as("tried again when the system has more").isTrue();
    assertThat(refused.message()).contains("the system has 6.0 GB left");
  }

  @Test
  void whatNeverFitsIsSaidToNeverFitAndASmallerRelativeIsNamed() {
    var others = List.of(new Alternative(ModelId.of("mlx-community/Qwen3-14B-4bit"), 9 * GB));

    var refused = (RoomPlan.Refused) budget.room(WANTED, need(60), List.of(), others);

    assertThat(refused.ever()).isFalse();
    assertThat(refused.message()).contains("= 60.0 GB", "Qwen3-14B-4bit (9.0 GB)");
  }

  @Test
  void withoutALimitEverythingFits() {
    var unknown = new MemoryBudget(new MemoryLimit(0, 0), OptionalLong.empty());

    assertThat(unknown.room(WANTED, need(9_999), List.of(idle("a", 500)), List.of()))
        .isEqualTo(fits(9_999));
  }

  static LongStream seeds() {
    return LongStream.range(0, 500);
  }

  /** Whatever is in memory: never over the limit, nobody who may stay goes, nobody goes in vain. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverGoesOverTheLimitAndNeverTakesWhatIsUsedOrPinned(long seed) {
    var random = new Random(seed);
    var residents = new ArrayList<Resident>();
    for (int i = 0; i < random.nextInt(12); i++) {
      residents.add(
          new Resident(
              ModelId.of("m" + i),
              (1 + random.nextInt(12)) * GB,
              random.nextInt(5) == 0,
              random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0,
              random.nextInt(10) > 0,
              random.nextInt(5_000),
              random.nextInt(20),
              random.nextInt(60)));
    }
    long weights = (1 + random.nextInt(60)) * GB;
    long cache = random.nextInt(10) * GB;
    var need = new Footprint(weights, cache, 0, cache / 2);

    var plan = budget.room(WANTED, need, residents, List.of());

    long movable = residents.stream().filter(Resident::mayGo).mapToLong(Resident::bytes).sum();
    if (plan instanceof RoomPlan.Fits fits) {
      var gone = residents.stream().filter(r -> fits.evicted().contains(r.id())).toList();
      long freed = gone.stream().mapToLong(Resident::bytes).sum();
      long free = budget.free(residents) + freed - need.least();
      assertThat(gone).hasSameSizeAs(fits.evicted()).allMatch(Resident::mayGo);
      assertThat(free).as("over the limit").isNotNegative();
      assertThat(fits.bytes()).isBetween(need.least(), need.bytes());
      assertThat(fits.bytes()).isLessThanOrEqualTo(budget.free(residents) + freed);
      assertThat(gone).as("gone in vain").noneMatch(resident -> resident.bytes() <= free);
    } else {
      boolean tooLarge = need.least() > budget.limit().bytes();
      assertThat(tooLarge || need.least() > budget.free(residents) + movable).isTrue();
    }
  }

  private RoomPlan room(Footprint need, List<Resident> residents) {
    return budget.room(WANTED, need, residents, List.of());
  }

  private static RoomPlan fits(long gigabytes, String... evicted) {
    var gone = List.of(evicted).stream().map(ModelId::of).toList();
    return new RoomPlan.Fits(gone, gigabytes * GB);
  }

  private static Resident idle(String name, long gigabytes) {
    return new Resident(ModelId.of(name), gigabytes * GB, false, 0, true, 60, 1, 10);
  }

  private static Footprint need(long gigabytes) {
    return new Footprint(gigabytes * GB, 0, 0, 0);
  }
}
