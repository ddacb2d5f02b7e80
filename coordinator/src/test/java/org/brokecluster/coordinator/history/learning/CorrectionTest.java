package org.brokecluster.coordinator.history.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Corrected times against predicted ones, over series of errors as machines have them: how far off
 * the corrected were, as a share of how far off the predicted were, each over a whole window from
 * the first answer on, the mean of forty windows.
 */
class CorrectionTest {
  private static final int WINDOWS = 40;

  /** Errors as natural logarithms of real over predicted; the noise is 0.2 unless told. */
  private enum Series {
    HALF_TOO_SHORT,
    TWICE_AS_LONG,
    A_THIRD_TOO_LONG,
    SLOWLY_SWINGING,
    TWICE_AS_LONG_FROM_THE_MIDDLE_ON,
    QUIET,
    NOISE,
    MUCH_NOISE,
    ONE_BURST_OF_SLOWNESS,
    SLOW_AT_FIRST,
    THREE_SLOW_ONES_AT_FIRST,
    BURSTS,
    EVERY_FIFTH_FOUR_TIMES_AS_LONG,
    SLUGGISH_NOISE;

    private double next(Random random, int i, int window, double before) {
      double noise = 0.2 * random.nextGaussian();
      return switch (this) {
        case HALF_TOO_SHORT -> 0.4 + noise;
        case TWICE_AS_LONG -> 0.7 + noise;
        case A_THIRD_TOO_LONG -> -0.4 + noise;
        case SLOWLY_SWINGING -> 0.5 * Math.sin(i / 30.0) + noise;
        case TWICE_AS_LONG_FROM_THE_MIDDLE_ON -> (i < window / 2 ? 0 : 0.7) + noise;
        case QUIET -> noise / 2;
        case NOISE -> 1.5 * noise;
        case MUCH_NOISE -> 4 * noise;
        case ONE_BURST_OF_SLOWNESS -> (i >= 30 && i < 50 ? 1.5 : 0) + noise;
        case SLOW_AT_FIRST -> (i < 10 ? 1.5 : 0) + noise;
        case THREE_SLOW_ONES_AT_FIRST -> (i < 3 ? 1.5 : 0) + noise;
        case BURSTS -> (i % 25 < 4 ? 1.5 : 0) + noise;
        case EVERY_FIFTH_FOUR_TIMES_AS_LONG -> (random.nextInt(5) == 0 ? 1.4 : 0) + noise;
        case SLUGGISH_NOISE -> 0.5 * before + 0.5 * random.nextGaussian();
      };
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "HALF_TOO_SHORT",
        "TWICE_AS_LONG",
        "A_THIRD_TOO_LONG",
        "SLOWLY_SWINGING",
        "TWICE_AS_LONG_FROM_THE_MIDDLE_ON"
      })
  void leavesMuchLessOfWhatIsSteady(Series series) {
    assertThat(left(series, PromiseRule.LATEST, 100)).isLessThan(0.75);
    assertThat(left(series, PromiseRule.LATEST, 400)).isLessThan(0.75);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {
        "HALF_TOO_SHORT",
        "TWICE_AS_LONG",
        "A_THIRD_TOO_LONG",
        "SLOWLY_SWINGING",
        "TWICE_AS_LONG_FROM_THE_MIDDLE_ON"
      })
  void isHardlyEverWorseThanNone(Series series) {
    assertThat(left(series, PromiseRule.LATEST, 20)).isLessThan(1.05);
    assertThat(left(series, PromiseRule.LATEST, 100)).isLessThan(1.025);
    assertThat(left(series, PromiseRule.LATEST, 400)).isLessThan(1.01);
  }

  /** What the rule before did: it is told here for comparison, and folds what it recorded. */
  @ParameterizedTest
  @EnumSource(
      names = {"SLOW_AT_FIRST", "THREE_SLOW_ONES_AT_FIRST", "EVERY_FIFTH_FOUR_TIMES_AS_LONG"})
  void theFirstRuleWasWorseThanNoneWhereMachinesAreStarved(Series series) {
    assertThat(left(series, PromiseRule.of(0), 100)).isGreaterThan(1.06);
  }

  private static double left(Series series, PromiseRule rule, int window) {
    double corrected = 0;
    double predicted = 0;
    for (int seed = 1; seed <= WINDOWS; seed++) {
      var random = new Random(seed);
      var figures = new ErrorFigures(rule);
      double error = 0;
      for (int i = 0; i < window; i++) {
        error = series.next(random, i, window, error);
        corrected += Math.abs(error - figures.correction());
        predicted += Math.abs(error);
        figures.add(error);
      }
    }
    return corrected / predicted;
  }
}
