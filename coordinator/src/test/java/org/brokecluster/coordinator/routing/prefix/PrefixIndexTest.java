package org.brokecluster.coordinator.routing.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.brokecluster.coordinator.routing.prefix.PlaceCache.Place;
import org.brokecluster.coordinator.routing.prefix.PlaceCache.Sequence;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.state.ModelFacts;
import org.junit.jupiter.api.Test;

/** What the caches of model servers are believed to hold. */
class PrefixIndexTest {
  private static final Place PLACE = new Place(NodeId.of("mac"), ModelId.of("m"));

  @Test
  void givesTheOldestUpWhenAServerKeepsNoMore() {
    var cache = new PlaceCache(PLACE, new CacheRule(2, Long.MAX_VALUE, true, true, 1));
    var first = sequence(cache, 10, 1);
    cache.remember(first);
    cache.remember(sequence(cache, 10, 2));

    assertThat(cache.remember(sequence(cache, 10, 3))).containsExactly(first);
  }

  @Test
  void givesUpByTokensToo() {
    var cache = new PlaceCache(PLACE, new CacheRule(10, 100, true, true, 1));
    var first = sequence(cache, 60, 1);
    cache.remember(first);

    assertThat(cache.remember(sequence(cache, 60, 2))).containsExactly(first);
  }

  @Test
  void replacesWhatANewPromptGoesOnFrom() {
    var cache = new PlaceCache(PLACE, new CacheRule(10, Long.MAX_VALUE, true, true, 1));
    var first = sequence(cache, 10, 1, 2);
    cache.remember(first);

    assertThat(cache.remember(sequence(cache, 10, 1, 2, 3))).containsExactly(first);
    assertThat(cache.all()).hasSize(1);
  }

  @Test
  void dropsWhatCannotBeThereAnyMoreAfterAMissAndTrustsLess() {
    var cache = new PlaceCache(PLACE, new CacheRule(10, Long.MAX_VALUE, true, true, 1));
    var oldest = sequence(cache, 10, 1);
    var missed = sequence(cache, 10, 2);
    var later = sequence(cache, 10, 3);
    List.of(oldest, missed, later).forEach(cache::remember);

    assertThat(cache.learn(1_000, 0, 2)).containsExactly(oldest, missed);
    assertThat(cache.all()).containsExactly(later);
    assertThat(cache.trust()).isLessThan(0.8);
  }

  @Test
  void knowsWhichModelsCannotGoBackToAnyPosition() {
    assertThat(rule("mlx-community/Qwen3-14B-4bit").anywhere()).isTrue();
    assertThat(rule("mlx-community/Qwen3.5-35B-A3B-4bit").anywhere()).isFalse();
    assertThat(rule("mlx-community/gpt-oss-20b-MXFP4").anywhere()).isFalse();
    assertThat(rule("mlx-community/gemma-3-12b-it-4bit").anywhere()).isFalse();
  }

  private static CacheRule rule(String model) {
    return CacheRule.of(
        new ModelFacts(
            ModelId.of(model),
            Tier.BALANCED,
            "mlx",
            false,
            null,
            null,
            null,
            null,
            4,
            java.util.Set.of()));
  }

  private static Sequence sequence(PlaceCache cache, long tokens, long... marks) {
    var all = java.util.Arrays.stream(marks).boxed().toList();
    return new Sequence(cache, all, marks[marks.length - 1], tokens);
  }
}
