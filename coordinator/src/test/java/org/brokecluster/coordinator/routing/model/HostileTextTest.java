package org.brokecluster.coordinator.routing.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileTextTest {
  /** Words and pairs of words of the part that is looked at. */
  private static final int BUCKETS_MAX = 2 * (1536 + 512 + 1);

  private static final int LARGE = 4 << 20;
  private static final LinearModel WEIGHTS = BundledModel.get().orElseThrow();
  private static final PromptModel MODEL = new PromptModel(WEIGHTS);

  static Stream<Arguments> texts() {
    var random = new Random(7);
    var any = new StringBuilder(LARGE);
    random.ints(LARGE, 0, 0x10000).forEach(c -> any.append((char) c));
    return Map.ofEntries(
            Map.entry("empty", ""),
            Map.entry("blank", " \n\t\u00a0\u2003"),
            Map.entry("zeros", "\0".repeat(5_000)),
            Map.entry("4 MiB of anything", any.toString()),
            Map.entry("4 MiB of one letter", "a".repeat(LARGE)),
            Map.entry("4 MiB of options", "\nA. ".repeat(LARGE / 4)),
            Map.entry("lone surrogates", "\ud800 \udfff".repeat(900)),
            Map.entry("emoji", "\ud83d\ude00\ud83d\udc68\u200d\ud83d\udc69".repeat(300)),
            Map.entry("Chinese", "请解释相对论的基本原理。".repeat(50)),
            Map.entry("Arabic", "اشرح لي نظرية النسبية ".repeat(50)),
            Map.entry("Russian", "Объясни теорию относительности. ".repeat(50)),
            Map.entry("combining", "e\u0301\u0302\u0303".repeat(1_000)),
            Map.entry("code", "for (int i = 0; i < n; i++) { x[i] += y; }\n".repeat(400)),
            Map.entry("digits", "9".repeat(3_000)),
            Map.entry("one line of brackets", "(".repeat(100_000)))
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> Arguments.of(each.getKey(), each.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void isReadInBoundedWorkAndAlwaysAlike(String name, String text) {
    var features = PromptFeatures.of(text);
    var again = PromptFeatures.of(text);

    assertThat(features.buckets()).hasSizeLessThanOrEqualTo(BUCKETS_MAX);
    assertThat(again.buckets()).isEqualTo(features.buckets());
    assertThat(again.shape()).isEqualTo(features.shape());
    for (float each : features.shape()) {
      assertThat(each).isFinite();
    }
    for (double score : WEIGHTS.scores(features)) {
      assertThat(score).isFinite();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void hasAReadingWithinItsBounds(String name, String text) {
    var reading = MODEL.read(PromptFeatures.of(text));

    assertThat(reading).isEqualTo(MODEL.read(PromptFeatures.of(text)));
    for (double share :
        new double[] {
          reading.small(),
          reading.large(),
          reading.chain(),
          reading.share(),
          reading.open(),
          reading.tested(),
          reading.code()
        }) {
      assertThat(share).isBetween(0.0, 1.0 + 1e-9);
    }
    assertThat(reading.gain()).isBetween(-1.0, 1.0);
    assertThat(reading.lnTokens()).isFinite();
    assertThat(reading.spread()).isFinite().isPositive();
  }
}
