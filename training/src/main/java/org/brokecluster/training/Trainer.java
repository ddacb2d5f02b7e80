package org.brokecluster.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.brokecluster.coordinator.routing.model.LinearModel;
import org.brokecluster.coordinator.routing.model.TaskKind;

/**
 * The recipe: for each kind of prompt a ridge regression of how well small and large models do and
 * of the length of their answers, the same over all kinds, and logistic regressions of kind and
 * subject. Without chance: the same samples give the same model.
 */
final class Trainer {
  private static final double QUALITY_ALPHA = 4;
  private static final double PAIRED_ALPHA = 10;
  private static final double LENGTH_ALPHA = 5;
  private static final double GATE_COST = 60;
  private static final double OPEN_WEIGHT = 4;
  private static final double DOMAIN_COST = 5;
  private static final double STEPS_ALPHA = 3;
  private static final double STEPS_WEIGHT = 1;
  private static final int QUALITY_ROWS_MIN = 90;
  private static final int SLOPE_ROWS_MAX = 3000;
  private static final int LENGTH_ROWS_MIN = 200;
  private static final int GATE_ROWS_MAX = 2500;
  private static final double[] CHAIN_SCALE = {Math.log(60), Math.log(600)};

  private final List<Sample> samples;
  private final LinearModel.Space space;
  private final Matrix all;
  private final Map<String, double[]> figures = new LinkedHashMap<>();

  private Trainer(List<Sample> samples) {
    this.samples = samples;
    this.space = LinearModel.Space.of(samples.stream().map(Sample::features).toList());
    this.all = Matrix.of(space, samples);
    figures.put("chain", CHAIN_SCALE);
  }

  /** Learns from these samples. */
  static LinearModel train(List<Sample> samples) {
    return train(samples, true);
  }

  /** The same without subjects. */
  static LinearModel estimates(List<Sample> samples) {
    return train(samples, false);
  }

  private static LinearModel train(List<Sample> samples, boolean subjects) {
    var trainer = new Trainer(samples);
    var heads = new ArrayList<LinearModel.Head>();
    trainer.gates(heads);
    trainer.qualities(heads);
    trainer.lengths(heads);
    if (subjects) {
      trainer.domains(heads);
    }
    return LinearModel.of(trainer.space, heads, trainer.figures);
  }

  private int[] where(Predicate<Sample> condition) {
    return IntStream.range(0, samples.size()).filter(i -> condition.test(samples.get(i))).toArray();
  }

  private double[] figure(int[] rows, ToDoubleFunction<Sample> of) {
    return IntStream.of(rows).mapToDouble(i -> of.applyAsDouble(samples.get(i))).toArray();
  }

  private void gates(List<LinearModel.Head> heads) {
    var counts = new int[TaskKind.values().length];
    var totals = new int[counts.length];
    samples.forEach(sample -> totals[sample.kind().index()]++);
    var rows =
        where(
            sample -> {
              int kind = sample.kind().index();
              int every = 1 + totals[kind] / GATE_ROWS_MAX;
              return counts[kind]++ % every == 0;
            });
    var matrix = all.rows(rows);
    List.of(TaskKind.values()).parallelStream()
        .map(kind -> gate(matrix, rows, kind))
        .forEachOrdered(heads::add);
  }

  private LinearModel.Head gate(Matrix matrix, int[] rows, TaskKind kind) {
    var positive = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      positive[i] = samples.get(rows[i]).kind() == kind;
    }
    double weight = kind == TaskKind.OPEN ? OPEN_WEIGHT : 1;
    var head = matrix.logistic("kind:" + kind.label(), positive, GATE_COST, weight);
    return new LinearModel.Head(
        head.name(), head.bias() + rarity(positive), head.words(), head.shapes());
  }

  /**
   * Log odds that a kind gets back for having few rows: how many prompts of a kind were collected
   * says nothing of how many people will send.
   */
  private static double rarity(boolean[] positive) {
    int rows = 0;
    for (boolean each : positive) {
      rows += each ? 1 : 0;
    }
    return Math.log((double) GATE_ROWS_MAX / Math.max(GATE_ROWS_MAX / 50, rows));
  }

  private void qualities(List<LinearModel.Head> heads) {
    var any = where(Sample::measured);
    var matrix = all.rows(any);
    heads.add(matrix.ridge("small:any", figure(any, Sample::small), QUALITY_ALPHA));
    heads.add(matrix.ridge("large:any", figure(any, Sample::large), QUALITY_ALPHA));
    for (var kind : TaskKind.values()) {
      var rows = where(sample -> sample.measured() && sample.kind() == kind);
      if (rows.length >= QUALITY_ROWS_MIN) {
        heads.add(quality("small:", kind, rows, Sample::small));
        heads.add(quality("large:", kind, rows, Sample::large));
      }
    }
  }

  private LinearModel.Head quality(
      String what, TaskKind kind, int[] rows, ToDoubleFunction<Sample> of) {
    var head = fitted(what + kind.label(), kind, rows, of);
    double counts = slope(kind, rows, of);
    return head.towards(mean(figure(rows, of)), counts);
  }

  private LinearModel.Head fitted(
      String name, TaskKind kind, int[] rows, ToDoubleFunction<Sample> of) {
    var matrix = all.rows(rows);
    var y = figure(rows, of);
    var solved = where(sample -> sample.row().steps() > 0);
    if (kind != TaskKind.WORD_PROBLEM || solved.length < QUALITY_ROWS_MIN) {
      // two models that are right or wrong say less of a question than the mean of eight
      return matrix.ridge(name, y, kind == TaskKind.QUIZ ? PAIRED_ALPHA : QUALITY_ALPHA);
    }
    var solutions = all.rows(solved);
    var steps =
        solutions.ridge(
            "steps", figure(solved, sample -> Math.log(sample.row().steps())), STEPS_ALPHA);
    var values = solutions.values(steps);
    double mean = mean(values);
    double deviation = 0;
    for (double value : values) {
      deviation += (value - mean) * (value - mean) / values.length;
    }
    return matrix.ridgeWith(
        name, y, QUALITY_ALPHA, steps, mean, Math.sqrt(deviation), STEPS_WEIGHT);
  }

  /**
   * How far outcomes of a kind really lie from its mean where the head says they lie by 1: the
   * slope of the least squares line, of prompts that were not learned from, within 0 and 1. At 0
   * nothing in a prompt of this kind tells how hard it is. 1 where rows are many.
   */
  private double slope(TaskKind kind, int[] rows, ToDoubleFunction<Sample> of) {
    if (rows.length > SLOPE_ROWS_MAX) {
      return 1;
    }
    double products = 0;
    double squares = 0;
    for (int fold = 0; fold < RoutingData.FOLDS; fold++) {
      int held = fold;
      var fit = IntStream.of(rows).filter(i -> samples.get(i).row().fold() != held).toArray();
      var test = IntStream.of(rows).filter(i -> samples.get(i).row().fold() == held).toArray();
      if (fit.length == 0 || test.length == 0) {
        continue;
      }
      var expected = all.rows(test).values(fitted("part", kind, fit, of));
      var known = figure(test, of);
      double expectedMean = mean(expected);
      double knownMean = mean(known);
      for (int i = 0; i < test.length; i++) {
        double distance = expected[i] - expectedMean;
        products += distance * (known[i] - knownMean);
        squares += distance * distance;
      }
    }
    return squares == 0 ? 1 : Math.max(0, Math.min(1, products / squares));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private void lengths(List<LinearModel.Head> heads) {
    length(heads, "tokens:any", "any", Trainer::hasLength);
    for (var kind : TaskKind.values()) {
      length(
          heads,
          "tokens:" + kind.label(),
          kind.label(),
          sample -> hasLength(sample) && sample.kind() == kind);
    }
    var chains = where(sample -> hasLength(sample) && isReasoned(sample));
    heads.add(all.rows(chains).ridge("chain", figure(chains, Trainer::lnTokens), LENGTH_ALPHA));
  }

  private void length(
      List<LinearModel.Head> heads, String name, String label, Predicate<Sample> condition) {
    var rows = where(condition);
    if (rows.length < LENGTH_ROWS_MIN) {
      return;
    }
    var y = figure(rows, Trainer::lnTokens);
    heads.add(all.rows(rows).ridge(name, y, LENGTH_ALPHA));
    figures.put("spread:" + label, new double[] {spread(rows, y)});
  }

  /**
   * Spread of single answers around what is expected: of folds that the weights were not fitted to,
   * and of the models around their mean.
   */
  private double spread(int[] rows, double[] y) {
    double squares = 0;
    long count = 0;
    for (int part = 0; part < 2; part++) {
      int held = part;
      var fitted = IntStream.range(0, rows.length).filter(i -> i % 2 != held).toArray();
      var tested = IntStream.range(0, rows.length).filter(i -> i % 2 == held).toArray();
      var matrix = all.rows(rows);
      var fittedY = IntStream.of(fitted).mapToDouble(i -> y[i]).toArray();
      var head = matrix.rows(fitted).ridge("half", fittedY, LENGTH_ALPHA);
      var expected = matrix.rows(tested).values(head);
      for (int i = 0; i < tested.length; i++) {
        for (double tokens : samples.get(rows[tested[i]]).row().tokens().values()) {
          double off = Math.log(Math.max(1, tokens)) - expected[i];
          squares += off * off;
          count++;
        }
      }
    }
    return Math.sqrt(squares / Math.max(1, count));
  }

  /** Whether its answers are of the length people would get, not a single letter. */
  static boolean hasLength(Sample sample) {
    return !sample.row().tokens().isEmpty()
        && sample.kind() != TaskKind.GAP
        && sample.kind() != TaskKind.SCIENCE_QUIZ;
  }

  private static boolean isReasoned(Sample sample) {
    return sample.kind() == TaskKind.EXAM || sample.kind() == TaskKind.COMPETITION;
  }

  private static double lnTokens(Sample sample) {
    return sample.row().lnTokens();
  }

  private void domains(List<LinearModel.Head> heads) {
    var rows = where(sample -> sample.row().dataset().equals("mmlu_pro"));
    var names = new TreeSet<String>();
    for (int row : rows) {
      names.add(samples.get(row).domain());
    }
    names.remove("");
    var matrix = all.rows(rows);
    List.copyOf(names).parallelStream()
        .map(name -> domain(matrix, rows, name))
        .forEachOrdered(heads::add);
  }

  private LinearModel.Head domain(Matrix matrix, int[] rows, String name) {
    var positive = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      positive[i] = samples.get(rows[i]).domain().equals(name);
    }
    var label = name.equals("math") ? "maths" : name.replace(' ', '-');
    return matrix.logistic("domain:" + label, positive, DOMAIN_COST, 1);
  }
}
