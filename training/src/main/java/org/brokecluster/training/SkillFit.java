package org.brokecluster.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.coordinator.routing.model.LinearModel;
import org.brokecluster.coordinator.routing.model.PromptModel;
import org.brokecluster.coordinator.routing.model.Reading;
import org.brokecluster.coordinator.routing.model.TaskKind;
import org.brokecluster.shared.hardware.ModelSize;

/**
 * Finds the skill of each measured model: the one with which as many of its answers are predicted
 * to be good as were good, for knowledge, reasoning and code apart.
 */
final class SkillFit {
  private static final int ROWS_MIN = 100;

  /** As many answers as the number of weights is worth. */
  private static final double ROWS_PRIOR = 200;

  private static final int DIMENSIONS = 3;
  private static final double STEP_MIN = 0.5;
  private static final double MIN = 0.02;
  private static final double PER_DOUBLING = 0.3;
  private static final double REFERENCE = 8e9;
  private static final double LOWEST = -3;
  private static final double HIGHEST = 2.5;
  private static final int HALVINGS = 40;
  private static final List<String> CALCULATING =
      List.of("math", "physics", "chemistry", "engineering");

  /**
   * What a model was asked.
   *
   * @param small log odds of a small model
   * @param step from there to those of a large one
   * @param score of the answer, 0 to 1
   */
  private record Answer(double small, double step, double score) {}

  private SkillFit() {}

  /** The model with the skills among its figures. */
  static LinearModel with(LinearModel model, List<Sample> samples) {
    var reader = new PromptModel(model);
    var answers = new TreeMap<String, List<List<Answer>>>();
    for (var sample : samples) {
      if (sample.row().train() && sample.measured()) {
        add(answers, sample, reader.read(sample.features()));
      }
    }
    var figures = new TreeMap<String, double[]>();
    var levels = new ArrayList<double[]>();
    answers.forEach(
        (name, dimensions) -> {
          var skill = dimensions.stream().mapToDouble(each -> skill(name, each)).toArray();
          if (Arrays.stream(skill).anyMatch(each -> !Double.isNaN(each))) {
            figures.put("skill:" + name, skill);
            ModelSize.parametersIn(name).ifPresent(size -> levels.add(level(skill, size)));
          }
        });
    figures.put("skill", upperQuartile(levels));
    return model.with(figures);
  }

  private static void add(Map<String, List<List<Answer>>> answers, Sample sample, Reading reading) {
    double small = logit(reading.small());
    double step = Math.max(STEP_MIN, logit(reading.small() + reading.gain()) - small);
    int dimension = dimension(sample);
    sample
        .row()
        .scores()
        .forEach(
            (model, score) ->
                answers
                    .computeIfAbsent(
                        model,
                        key -> List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()))
                    .get(dimension)
                    .add(new Answer(small, step, score)));
  }

  private static int dimension(Sample sample) {
    boolean calculating =
        sample.kind() == TaskKind.WORD_PROBLEM
            || sample.kind() == TaskKind.MATHS
            || sample.kind() == TaskKind.COMPETITION
            || CALCULATING.contains(sample.domain());
    return sample.kind().code() ? 2 : calculating ? 1 : 0;
  }

  /** Few answers count less: they are often of one kind, and the skill is meant for all. */
  private static double skill(String model, List<Answer> answers) {
    if (answers.size() < ROWS_MIN) {
      return Double.NaN;
    }
    double fitted = fitted(answers);
    double counts = answers.size() / (answers.size() + ROWS_PRIOR);
    return ModelSize.parametersIn(model)
        .map(size -> counts * fitted + (1 - counts) * PER_DOUBLING * doublings(size))
        .orElse(fitted);
  }

  private static double fitted(List<Answer> answers) {
    double good = answers.stream().mapToDouble(Answer::score).sum();
    double low = LOWEST;
    double high = HIGHEST;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      double expected =
          answers.stream()
              .mapToDouble(each -> 1 / (1 + Math.exp(-each.small() - middle * each.step())))
              .sum();
      low = expected < good ? middle : low;
      high = expected < good ? high : middle;
    }
    return (low + high) / 2;
  }

  /** Skill without what comes from the number of weights. */
  private static double[] level(double[] skill, long parameters) {
    double bySize = PER_DOUBLING * doublings(parameters);
    return Arrays.stream(skill).map(each -> each - bySize).toArray();
  }

  private static double doublings(long parameters) {
    return Math.log(parameters / REFERENCE) / Math.log(2);
  }

  /** Upper quartile: who is not among the measured models is likely to be newer than they are. */
  private static double[] upperQuartile(List<double[]> levels) {
    var level = new double[DIMENSIONS];
    for (int d = 0; d < DIMENSIONS; d++) {
      int dimension = d;
      var sorted =
          levels.stream()
              .mapToDouble(each -> each[dimension])
              .filter(each -> !Double.isNaN(each))
              .sorted()
              .toArray();
      level[d] = sorted.length == 0 ? 0 : sorted[sorted.length * 3 / 4];
    }
    return level;
  }

  private static double logit(double probability) {
    double p = Math.max(MIN, Math.min(1 - MIN, probability));
    return Math.log(p / (1 - p));
  }
}
