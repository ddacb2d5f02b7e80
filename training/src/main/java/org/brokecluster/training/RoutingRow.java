package org.brokecluster.training;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * One prompt with what is known of the answers of models.
 *
 * @param dataset name of its file
 * @param group task, category or domain in the dataset; empty if it has none
 * @param train whether it is of the part that recipes are chosen on
 * @param fold 0 to 4; one question has one fold wherever it appears
 * @param scores how good each model's answer was, 0 to 1
 * @param tokens length of each model's answer
 * @param weak of the pair that routing is measured with: mixtral-8x7b; NaN where not measured
 * @param strong the same for gpt-4
 * @param contaminated counts in no figure
 * @param overlaps repeats a question of the test part
 * @param steps of the worked solution, 0 if not known
 * @param proof whether no model that is given away learns from it: one question of forty, by which
 *     a test sees that the calibration holds
 */
record RoutingRow(
    String dataset,
    String group,
    boolean train,
    int fold,
    String prompt,
    Map<String, Double> scores,
    Map<String, Double> tokens,
    double weak,
    double strong,
    boolean contaminated,
    boolean overlaps,
    int steps,
    boolean proof) {
  RoutingRow {
    // sorted: sums must not depend on the order of a map, which differs from one run to the next
    scores = Collections.unmodifiableSortedMap(new TreeMap<>(scores));
    tokens = Collections.unmodifiableSortedMap(new TreeMap<>(tokens));
  }

  /** Mean natural logarithm of the answers' tokens, or NaN if none is known. */
  double lnTokens() {
    return mean(tokens.values().stream().mapToDouble(each -> Math.log(Math.max(1, each))));
  }

  /** Mean score, or NaN if none is known. */
  double meanScore() {
    return mean(scores.values().stream().mapToDouble(Double::doubleValue));
  }

  private static double mean(DoubleStream values) {
    return values.average().orElse(Double.NaN);
  }

  /** The score of a model, or null if it was not asked. */
  @Nullable Double scoreOf(String model) {
    return scores.get(model);
  }
}
