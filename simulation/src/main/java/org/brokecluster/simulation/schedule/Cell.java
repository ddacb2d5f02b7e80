package org.brokecluster.simulation.schedule;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One load on one fleet at one rate, by every policy.
 *
 * @param level part of the capacity
 * @param rate arrivals a second
 */
public record Cell(
    String load, String fleet, double level, double rate, Map<PolicyKind, Figures> results) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int RESAMPLES = 2_000;
  private static final double TAIL = 0.025;

  /**
   * What a policy came to, run by run in the order of seeds; times in seconds.
   *
   * @param mean mean time to finish of each run
   * @param p99 99th percentile of the time to finish of each run
   * @param first mean time to the first token of each run
   * @param cached share of prompt tokens that came from caches, over all runs
   */
  public record Figures(List<Double> mean, List<Double> p99, List<Double> first, double cached) {
    /** Copies the lists. */
    public Figures {
      mean = List.copyOf(mean);
      p99 = List.copyOf(p99);
      first = List.copyOf(first);
    }

    static Figures of(List<Tally> runs) {
      return new Figures(
          each(runs, Tally::meanFinish),
          each(runs, Tally::p99Finish),
          each(runs, Tally::meanFirst),
          average(each(runs, Tally::cachedShare)));
    }

    private static List<Double> each(List<Tally> runs, ToDoubleFunction<Tally> figure) {
      return runs.stream().mapToDouble(figure).boxed().toList();
    }
  }

  /**
   * How many times as much somebody takes as this router.
   *
   * @param low lower end of the 95 % interval, by resampling the runs
   * @param high upper end of it
   */
  record Ratio(double value, double low, double high) {
    boolean better() {
      return low > 1;
    }

    boolean worse() {
      return high < 1;
    }

    @Override
    public String toString() {
      var sign = better() ? "+" : worse() ? "-" : " ";
      return String.format(Locale.ROOT, "%5.2f [%.2f, %.2f]%s", value, low, high, sign);
    }
  }

  /** A policy's figure over this router's, run by run the same requests. */
  Ratio ratio(PolicyKind policy, Function<Figures, List<Double>> figure) {
    var theirs = figure.apply(figures(policy));
    var ours = figure.apply(figures(PolicyKind.BROKE));
    var random = new Random(1);
    var drawn = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      double above = 0;
      double below = 0;
      for (int j = 0; j < ours.size(); j++) {
        int run = random.nextInt(ours.size());
        above += theirs.get(run);
        below += ours.get(run);
      }
      drawn[i] = above / below;
    }
    java.util.Arrays.sort(drawn);
    return new Ratio(
        average(theirs) / average(ours),
        drawn[(int) (TAIL * RESAMPLES)],
        drawn[(int) ((1 - TAIL) * RESAMPLES) - 1]);
  }

  Figures figures(PolicyKind policy) {
    var figures = results.get(policy);
    if (figures == null) {
      throw new IllegalStateException("not played: " + policy.label());
    }
    return figures;
  }

  /** For people: a line for each policy. */
  public String text() {
    var text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT, "%s, %s, %.2f of capacity (%.3f/s)%n", load, fleet, level, rate));
    for (var policy : PolicyKind.values()) {
      var figures = figures(policy);
      text.append(
          String.format(
              Locale.ROOT,
              "  %-16s mean %7.1f s  p99 %7.1f s  first %7.1f s  cached %3.0f %%",
              policy.label(),
              average(figures.mean()),
              average(figures.p99()),
              average(figures.first()),
              100 * figures.cached()));
      if (policy != PolicyKind.BROKE) {
        text.append("  x mean ").append(ratio(policy, Figures::mean));
        text.append("  x p99 ").append(ratio(policy, Figures::p99));
      }
      text.append(System.lineSeparator());
    }
    return text.toString();
  }

  /** For programs: one line. */
  public String json() {
    var root = JSON.createObjectNode();
    root.put("load", load).put("fleet", fleet).put("level", level).put("rate", rate);
    var policies = root.putObject("policies");
    for (var policy : PolicyKind.values()) {
      policies.putPOJO(policy.label(), figures(policy));
    }
    return root.toString();
  }

  static double average(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }
}
