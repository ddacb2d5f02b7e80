package org.brokecluster.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteMetricsTest {
  private static final double[] WEAK = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
  private static final double[] STRONG = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

  @Test
  void givesARouterThatKnowsAllThreeQuarters() {
    var perfect = RouteMetrics.of(new double[] {9, 0, 9, 0, 9, 0, 9, 0, 9, 0}, WEAK, STRONG);

    assertThat(perfect.apgr()).isCloseTo(0.75, within(1e-9));
    assertThat(perfect.cpt50()).isCloseTo(25, within(1e-9));
    assertThat(perfect.cpt80()).isCloseTo(40, within(1e-9));
  }

  @Test
  void countsTiesInExpectation() {
    var blind = RouteMetrics.of(new double[10], WEAK, STRONG);

    assertThat(blind.apgr()).isCloseTo(0.5, within(1e-9));
    assertThat(blind.cpt50()).isCloseTo(50, within(1e-9));
  }

  @Test
  void spreadsLessWithMorePrompts() {
    assertThat(spread(2_000)).isLessThan(spread(100) / 2);
  }

  @Test
  void ranksEqualFiguresEqually() {
    assertThat(RankCorrelation.of(new double[] {1, 2, 2, 9}, new double[] {3, 5, 5, 6}))
        .isCloseTo(1, within(1e-9));
    assertThat(RankCorrelation.of(new double[] {1, 2, 3}, new double[] {30, 20, 10}))
        .isCloseTo(-1, within(1e-9));
  }

  private static double spread(int prompts) {
    var random = new Random(7);
    var score = random.doubles(prompts).toArray();
    var weak = IntStream.range(0, prompts).mapToDouble(i -> random.nextInt(2)).toArray();
    var strong = IntStream.range(0, prompts).mapToDouble(i -> 1).toArray();
    return RouteMetrics.spread(score, weak, strong, 50, 1);
  }
}
