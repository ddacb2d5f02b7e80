package org.brokecluster.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.brokecluster.coordinator.routing.model.Reading;

/**
 * Measures the recipe: in distribution by training on four folds and reading the fifth, out of
 * distribution by training on the training part without the questions that the test part repeats.
 */
final class Measuring {
  private static final int FOLDS = 5;
  private static final int BOOTSTRAPS = 300;

  private final List<Sample> samples;
  private final Map<Sample, Reading> crossed = new HashMap<>();
  private final Map<Sample, Reading> apart = new HashMap<>();
  private final Map<String, Reliability> crossedRisks = new TreeMap<>();
  private final Map<String, Reliability> apartRisks = new TreeMap<>();
  private final StringBuilder report = new StringBuilder();

  Measuring(List<Sample> samples) {
    this.samples = samples;
    for (int fold = 0; fold < FOLDS; fold++) {
      int held = fold;
      var trial = trained(sample -> mayLearn(sample) && sample.row().fold() != held);
      read(trial, sample -> sample.row().fold() == held, crossed, crossedRisks);
    }
    var trial = trained(sample -> sample.row().train() && !sample.row().overlaps());
    read(trial, sample -> !sample.row().train(), apart, apartRisks);
  }

  private void read(
      Trial trial,
      Predicate<Sample> condition,
      Map<Sample, Reading> readings,
      Map<String, Reliability> risks) {
    samples.parallelStream()
        .filter(condition)
        .map(sample -> Map.entry(sample, trial.read(sample)))
        .toList()
        .forEach(
            each -> {
              var sample = each.getKey();
              readings.put(sample, each.getValue().reading());
              if (!sample.row().contaminated()) {
                var bins = risks.computeIfAbsent(sample.row().dataset(), name -> new Reliability());
                trial.judge(sample, each.getValue(), bins::add);
              }
            });
  }

  /** Whether a model that is given away may have seen it. */
  static boolean mayLearn(Sample sample) {
    return !sample.row().dataset().equals("gsm_zeroeval") && !sample.row().contaminated();
  }

  private Trial trained(Predicate<Sample> condition) {
    return Trial.trainedOn(samples.stream().filter(condition).toList());
  }

  /** All figures, as a page. */
  String report() {
    line("| figure | value | ± |");
    line("|---|---|---|");
    routing("MMLU, in distribution", "routellm_mmlu", crossed);
    routing("GSM8K, in distribution", "routellm_gsm8k", crossed);
    routing("MMLU, out of distribution", "routellm_mmlu", apart);
    routing("GSM8K, out of distribution", "routellm_gsm8k", apart);
    routing("MT-Bench, out of distribution", "routellm_mtbench", apart);
    failing("MMLU-Pro", "mmlu_pro");
    failing("LLMRouter mix", "llmrouter_mix");
    failing("MATH level 5", "math_l5");
    lengths();
    line("%n| data set | answers | ECE | bins: risk→failed (answers) |");
    line("|---|---|---|---|");
    reliability("folds that training did not see", crossedRisks);
    reliability("trained without the data set", apartRisks);
    return report.toString();
  }

  private void reliability(String how, Map<String, Reliability> risks) {
    risks.forEach(
        (dataset, bins) -> {
          if (bins.answers() > 0) {
            line(
                "| %s, %s | %d | %.3f%s |",
                dataset, how, bins.answers(), bins.error(), bins.cells());
          }
        });
  }

  private void line(String format, Object... values) {
    report.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private void routing(String name, String dataset, Map<Sample, Reading> readings) {
    var rows =
        samples.stream()
            .filter(each -> each.row().dataset().equals(dataset) && !each.row().contaminated())
            .toList();
    var score = rows.stream().mapToDouble(each -> readings.get(each).gain()).toArray();
    var weak = rows.stream().mapToDouble(each -> each.row().weak()).toArray();
    var strong = rows.stream().mapToDouble(each -> each.row().strong()).toArray();
    var metrics = RouteMetrics.of(score, weak, strong);
    line(
        "| %s: APGR (CPT50 %.1f %%, CPT80 %.1f %%), %d prompts | %.3f | %.3f |",
        name,
        metrics.cpt50(),
        metrics.cpt80(),
        rows.size(),
        metrics.apgr(),
        RouteMetrics.spread(score, weak, strong, BOOTSTRAPS, 1));
  }

  private void failing(String name, String dataset) {
    var rows =
        samples.stream()
            .filter(each -> each.row().dataset().equals(dataset) && each.measured())
            .toList();
    var failed = rows.stream().mapToDouble(each -> 1 - each.row().meanScore()).toArray();
    var expected = rows.stream().mapToDouble(each -> -skill(crossed.get(each))).toArray();
    line(
        "| share of models that fail, %s: Spearman, %d prompts | %.3f | %.3f |",
        name,
        rows.size(),
        RankCorrelation.of(failed, expected),
        Bootstrap.spread(rows.size(), BOOTSTRAPS, at -> correlation(failed, expected, at)));
  }

  private static double skill(Reading reading) {
    return 0.6 * reading.small() + 0.4 * reading.large();
  }

  private static double correlation(double[] a, double[] b, int[] at) {
    return RankCorrelation.of(
        IntStream.of(at).mapToDouble(i -> a[i]).toArray(),
        IntStream.of(at).mapToDouble(i -> b[i]).toArray());
  }

  private void lengths() {
    var rows =
        samples.stream()
            .filter(each -> each.row().train() && Trainer.hasLength(each))
            .filter(each -> !each.row().dataset().equals("gsm8k_train_steps"))
            .toList();
    var known = rows.stream().mapToDouble(each -> each.row().lnTokens()).toArray();
    var expected = rows.stream().mapToDouble(each -> crossed.get(each).lnTokens()).toArray();
    line(
        "| answer length, pooled: Spearman, %d prompts | %.3f | %.3f |",
        rows.size(),
        RankCorrelation.of(known, expected),
        Bootstrap.spread(rows.size(), BOOTSTRAPS, at -> correlation(known, expected, at)));
    var byDataset = new HashMap<String, List<Double>>();
    var covered = new ArrayList<Boolean>();
    for (int i = 0; i < rows.size(); i++) {
      var reading = crossed.get(rows.get(i));
      byDataset
          .computeIfAbsent(rows.get(i).row().dataset(), key -> new ArrayList<>())
          .add(known[i] - expected[i]);
      for (double tokens : rows.get(i).row().tokens().values()) {
        double off = Math.abs(Math.log(Math.max(1, tokens)) - reading.lnTokens());
        covered.add(off <= 1.2816 * reading.spread());
      }
    }
    byDataset.forEach(
        (dataset, errors) ->
            line(
                "| error of ln tokens, %s: mean absolute (root mean square %.3f) | %.3f | |",
                dataset,
                Math.sqrt(errors.stream().collect(Collectors.averagingDouble(e -> e * e))),
                errors.stream().collect(Collectors.averagingDouble(Math::abs))));
    line(
        "| single answers within the 80 %% interval | %.3f | |",
        covered.stream().collect(Collectors.averagingDouble(in -> in ? 1 : 0)));
  }
}
