package org.brokecluster.coordinator.history.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.brokecluster.coordinator.history.event.Reckoning;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Placement;
import org.junit.jupiter.api.Test;

/** What clients are promised, after answers have shown how long things take. */
class PromiseCalibrationTest {
  private static final ModelId MODEL = ModelId.of("some-14b");
  private static final NodeId NODE = NodeId.of("studio");
  private static final PromiseSettings SETTINGS = new PromiseSettings(true, 0.8, 100);

  private final Random random = new Random(7);
  private int kept;

  /** One answer whose real times are the predicted ones times a factor and some noise. */
  private PromiseCalibration.Times answer(
      PromiseCalibration calibration, ModelId model, double factor, double noise) {
    double first = 200 + random.nextInt(3_000);
    double finish = first + 500 + random.nextInt(30_000);
    var times = calibration.times(model, NODE, Topic.CODE, first, finish);
    var placement =
        new Placement(
            model,
            NODE,
            Tier.BALANCED,
            "balanced",
            0.2,
            "trained",
            times.firstTokenMs(),
            times.finishMs(),
            0,
            times.promise(),
            null);
    var reckoning = new Reckoning(0.8, Math.round(first), Math.round(finish), null);
    calibration.firstTokenCame(placement, reckoning, first * factor * noise(noise));
    double real = finish * factor * noise(noise);
    calibration.finished(placement, reckoning, Topic.CODE, real);
    boolean within =
        real >= times.promise().finishLowMs() && real <= times.promise().finishHighMs();
    kept += within ? 1 : 0;
    return times;
  }

  private double noise(double spread) {
    return Math.exp(spread * random.nextGaussian());
  }

  @Test
  void promisesWhatIsPredictedWhileNothingIsKnown() {
    var times =
        new PromiseCalibration(SETTINGS, new Trace()).times(MODEL, NODE, Topic.GENERAL, 800, 9_000);

    assertThat(times.firstTokenMs()).isEqualTo(800);
    assertThat(times.finishMs()).isEqualTo(9_000);
    assertThat(times.promise().firstTokenLowMs()).isLessThan(500);
    assertThat(times.promise().finishHighMs()).isGreaterThan(15_000);
  }

  @Test
  void putsRightWhatIsAlwaysTooShort() {
    var calibration = new PromiseCalibration(SETTINGS, new Trace());
    for (int i = 0; i < 300; i++) {
      answer(calibration, MODEL, 1.8, 0.2);
    }

    var times = calibration.times(MODEL, NODE, Topic.CODE, 1_000, 10_000);

    assertThat(times.firstTokenMs()).isBetween(1_550L, 2_050L);
    assertThat(times.finishMs()).isBetween(16_000L, 20_000L);
    var figures = calibration.figures();
    assertThat(figures.finish()).isNotNull();
    assertThat(figures.finish().error()).isLessThan(figures.finish().errorBefore() / 2);
  }

  @Test
  void keepsItsIntervalsAsOftenAsItSays() {
    for (double noise : new double[] {0.05, 0.3, 0.9}) {
      var calibration = new PromiseCalibration(SETTINGS, new Trace());
      for (int i = 0; i < 200; i++) {
        answer(calibration, MODEL, 1.3, noise);
      }
      kept = 0;
      for (int i = 0; i < 2_000; i++) {
        answer(calibration, MODEL, 1.3, noise);
      }
      assertThat(kept / 2_000.0).as("noise %s", noise).isBetween(0.77, 0.83);
    }
  }

  @Test
  void keepsThemAlsoAfterTheWorldHasChanged() {
    var calibration = new PromiseCalibration(SETTINGS, new Trace());
    for (int i = 0; i < 500; i++) {
      answer(calibration, MODEL, 1, 0.1);
    }
    for (int i = 0; i < 60; i++) {
      answer(calibration, MODEL, 3, 0.1);
    }
    kept = 0;
    for (int i = 0; i < 500; i++) {
      answer(calibration, MODEL, 3, 0.1);
    }

    assertThat(kept / 500.0).isBetween(0.75, 0.87);
    assertThat(calibration.times(MODEL, NODE, Topic.CODE, 1_000, 10_000).finishMs())
        .isBetween(26_000L, 33_000L);
  }

  @Test
  void tellsModelsApartOnceBothAreKnown() {
    var slow = ModelId.of("slow-32b");
    var calibration = new PromiseCalibration(SETTINGS, new Trace());
    for (int i = 0; i < 60; i++) {
      answer(calibration, MODEL, 1, 0.1);
      answer(calibration, slow, 2.5, 0.1);
    }

    assertThat(calibration.times(MODEL, NODE, Topic.CODE, 1_000, 10_000).finishMs())
        .isLessThan(11_500);
    assertThat(calibration.times(slow, NODE, Topic.CODE, 1_000, 10_000).finishMs())
        .isGreaterThan(21_000);
  }

  @Test
  void staysInOrderAndBoundedWhateverComes() {
    var calibration = new PromiseCalibration(new PromiseSettings(true, 0.9, 10), new Trace());
    for (int i = 0; i < 3_000; i++) {
      var model = ModelId.of("m" + random.nextInt(50));
      var times = answer(calibration, model, Math.exp(4 * random.nextGaussian()), 2);
      var promise = times.promise();
      assertThat(promise.firstTokenLowMs()).isBetween(0L, promise.firstTokenHighMs());
      assertThat(promise.finishLowMs()).isBetween(promise.firstTokenLowMs(), times.finishMs());
      assertThat(promise.finishHighMs()).isGreaterThanOrEqualTo(times.finishMs());
      assertThat(times.finishMs()).isGreaterThanOrEqualTo(times.firstTokenMs());
    }
  }

  @Test
  void promisesAsPredictedWhereThatIsSwitchedOff() {
    var calibration = new PromiseCalibration(new PromiseSettings(false, 0.8, 100), new Trace());
    for (int i = 0; i < 100; i++) {
      answer(calibration, MODEL, 2, 0.1);
    }

    var times = calibration.times(MODEL, NODE, Topic.CODE, 1_000, 10_000);

    assertThat(times.firstTokenMs()).isEqualTo(1_000);
    assertThat(times.finishMs()).isEqualTo(10_000);
  }
}
