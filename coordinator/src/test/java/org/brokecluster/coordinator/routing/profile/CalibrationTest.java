package org.brokecluster.coordinator.routing.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.brokecluster.coordinator.routing.model.BundledModel;
import org.brokecluster.coordinator.routing.model.PromptFeatures;
import org.brokecluster.coordinator.routing.model.PromptModel;
import org.brokecluster.coordinator.routing.model.SkillTable;
import org.brokecluster.coordinator.routing.quality.SkillQuality;
import org.brokecluster.coordinator.routing.scorer.QualityColor;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.state.ModelFacts;
import org.junit.jupiter.api.Test;

/**
 * The quality temperatures of the model that is shipped, on the questions that it was never trained
 * with: features without text and the scores of the models that answered, written by {@code
 * tests/bench/run.sh train}.
 */
class CalibrationTest {
  private static final int BINS = 10;
  private static final PromptText NO_PHRASES = PromptText.ofUser("");

  private final TrainedEstimator estimator =
      new TrainedEstimator(new PromptModel(BundledModel.get().orElseThrow()));
  private final SkillTable skills = SkillTable.of(BundledModel.get().orElseThrow());
  private final Map<String, double[][]> bins = new TreeMap<>();
  private final Map<QualityColor, double[]> colors = new EnumMap<>(QualityColor.class);

  @Test
  void comeTrueWithinTheStatedBound() throws IOException {
    readProof();

    assertThat(error("all")).as("all answers").isLessThan(0.04);
    assertThat(error("mmlu_pro")).as("university exams").isLessThan(0.07);
    assertThat(error("llmrouter_mix")).as("fourteen kinds of tasks").isLessThan(0.07);
  }

  @Test
  void failMoreOftenWithEachColor() throws IOException {
    readProof();

    double before = 0;
    for (var color : QualityColor.values()) {
      var sums = colors.getOrDefault(color, new double[2]);
      assertThat(sums[1]).as("answers in %s", color).isGreaterThan(100);
      double failed = sums[0] / sums[1];
      assertThat(failed).as("share that fails in %s", color).isGreaterThan(before + 0.1);
      before = failed;
    }
  }

  private double error(String dataset) {
    double off = 0;
    double answers = 0;
    for (var bin : bins.getOrDefault(dataset, new double[0][])) {
      off += Math.abs(bin[0] - bin[1]);
      answers += bin[2];
    }
    assertThat(answers).as("answers of %s", dataset).isGreaterThan(500);
    return off / answers;
  }

  private void readProof() throws IOException {
    try (var in =
        new DataInputStream(
            new GZIPInputStream(CalibrationTest.class.getResourceAsStream("prompt-proof.bin")))) {
      int samples = in.readInt();
      for (int i = 0; i < samples; i++) {
        var dataset = in.readUTF();
        var profile = estimator.estimate(NO_PHRASES, PromptFeatures.read(in));
        int answers = in.readInt();
        for (int each = 0; each < answers; each++) {
          judge(dataset, profile, in.readUTF(), in.readFloat());
        }
      }
    }
  }

  private void judge(String dataset, Profile profile, String model, float score) {
    var skill =
        skills.of(
            new ModelFacts(
                ModelId.of(model),
                Tier.BALANCED,
                "test",
                true,
                null,
                null,
                null,
                null,
                1,
                Set.of()));
    if (skill.known()) {
      double risk = 1 - SkillQuality.probability(profile, skill);
      add(dataset, risk, 1 - score);
      add("all", risk, 1 - score);
      var sums = colors.computeIfAbsent(QualityColor.of(risk), color -> new double[2]);
      sums[0] += 1 - score;
      sums[1]++;
    }
  }

  private void add(String dataset, double risk, double failed) {
    var bin =
        bins.computeIfAbsent(dataset, name -> new double[BINS][3])[
            Math.min(BINS - 1, (int) (risk * BINS))];
    bin[0] += risk;
    bin[1] += failed;
    bin[2]++;
  }
}
