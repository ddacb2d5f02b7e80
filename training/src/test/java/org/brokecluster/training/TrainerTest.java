package org.brokecluster.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.brokecluster.coordinator.routing.model.LinearModel;
import org.brokecluster.coordinator.routing.model.PromptFeatures;
import org.brokecluster.coordinator.routing.model.PromptModel;
import org.junit.jupiter.api.Test;

class TrainerTest {
  @Test
  void writesTheSameBytesEachTime() throws IOException {
    assertThat(bytes(train())).isEqualTo(bytes(train()));
  }

  @Test
  void learnsWhichWordsMakeAQuestionHard() throws IOException {
    var model = new PromptModel(LinearModel.read(new ByteArrayInputStream(bytes(train()))));

    var easy = model.read(PromptFeatures.of("apple tree garden apple"));
    var hard = model.read(PromptFeatures.of("tensor manifold spinor tensor"));

    assertThat(easy.small()).isGreaterThan(hard.small() + 0.3);
    assertThat(hard.lnTokens()).isGreaterThan(easy.lnTokens() + 0.5);
  }

  @Test
  void staysAtTheMeanOfAKindWhereWordsTellNothing() {
    var known = samples();
    var samples =
        Sample.of(
            IntStream.range(0, known.size())
                .mapToObj(i -> withOutcome(known.get(i).row(), i / 2 % 2))
                .toList());
    var model = new PromptModel(Trainer.train(samples));

    var one = model.read(PromptFeatures.of("apple apple apple apple apple apple"));
    var other = model.read(PromptFeatures.of("tensor tensor tensor tensor tensor tensor"));

    assertThat(one.small()).isCloseTo(other.small(), within(0.01));
    assertThat(one.small()).isBetween(0.4, 0.6);
  }

  private static RoutingRow withOutcome(RoutingRow row, double score) {
    return new RoutingRow(
        row.dataset(),
        row.group(),
        row.train(),
        row.fold(),
        row.prompt(),
        Map.of("meta-llama-3.1-8b-instruct", score, "meta-llama-3.1-70b-instruct", score),
        row.tokens(),
        row.weak(),
        row.strong(),
        row.contaminated(),
        row.overlaps(),
        row.steps(),
        row.proof());
  }

  @Test
  void keepsQuestionsForTheProofOutOfNothingElse() throws IOException {
    var samples = samples();
    var held = new ByteArrayOutputStream();
    Proof.write(samples, held);
    var none = new ByteArrayOutputStream();
    Proof.write(samples.stream().filter(each -> !each.row().proof()).toList(), none);

    assertThat(held.size()).isGreaterThan(10 * none.size());
  }

  private static LinearModel train() {
    var samples = samples();
    return SkillFit.with(Trainer.train(samples), samples);
  }

  private static byte[] bytes(LinearModel model) throws IOException {
    var out = new ByteArrayOutputStream();
    model.write(out);
    return out.toByteArray();
  }

  private static List<Sample> samples() {
    var random = new Random(5);
    var rows = new ArrayList<RoutingRow>();
    for (int i = 0; i < 400; i++) {
      rows.add(row(random, i));
    }
    return Sample.of(rows);
  }

  private static RoutingRow row(Random random, int number) {
    boolean hard = number % 2 == 0;
    var words = hard ? List.of("tensor", "manifold", "spinor") : List.of("apple", "tree", "garden");
    var prompt = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      prompt.append(words.get(random.nextInt(3))).append(' ');
    }
    double small = random.nextDouble() < (hard ? 0.1 : 0.9) ? 1 : 0;
    double large = random.nextDouble() < (hard ? 0.5 : 0.95) ? 1 : 0;
    return new RoutingRow(
        "mmlu_pro",
        hard ? "physics" : "biology",
        true,
        number % 5,
        prompt.toString(),
        Map.of("meta-llama-3.1-8b-instruct", small, "meta-llama-3.1-70b-instruct", large),
        Map.of("meta-llama-3.1-8b-instruct", hard ? 400.0 : 100.0),
        Double.NaN,
        Double.NaN,
        false,
        false,
        0,
        number % 40 < 2);
  }
}
