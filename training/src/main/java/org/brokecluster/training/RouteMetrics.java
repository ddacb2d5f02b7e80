package org.brokecluster.training;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How well a score tells which prompts a strong model should have (PGR, APGR and CPT of arXiv
 * 2406.18665). With the share {@code c} of prompts of highest score sent to the strong model,
 *
 * <pre>
 * PGR(c)  = (quality(c) - weak) / (strong - weak)
 * APGR    = trapezoid area under PGR at c = 0, 0.1, ..., 1
 * CPT(x)  = smallest c with PGR(c) at least x, linear between those points
 * </pre>
 *
 * Ties in the score count in expectation.
 *
 * @param apgr 0.5 for chance
 * @param cpt50 in percent
 * @param cpt80 in percent
 */
record RouteMetrics(double apgr, double cpt50, double cpt80) {
  private static final int STEPS = 10;

  /** The figures of a score: one per prompt, as are the qualities of both models. */
  static RouteMetrics of(double[] score, double[] weak, double[] strong) {
    var pgr = atSteps(curve(score, weak, strong));
    double area = 0;
    for (int i = 0; i < STEPS; i++) {
      area += (pgr[i] + pgr[i + 1]) / 2 / STEPS;
    }
    return new RouteMetrics(area, 100 * cpt(pgr, 0.5), 100 * cpt(pgr, 0.8));
  }

  /** Standard deviation of APGR over samples drawn with replacement. */
  static double spread(double[] score, double[] weak, double[] strong, int samples, long seed) {
    var random = new Random(seed);
    double sum = 0;
    double squares = 0;
    for (int sample = 0; sample < samples; sample++) {
      var at = random.ints(score.length, 0, score.length).toArray();
      double apgr = of(pick(score, at), pick(weak, at), pick(strong, at)).apgr();
      sum += apgr;
      squares += apgr * apgr;
    }
    double mean = sum / samples;
    return Math.sqrt(Math.max(0, squares / samples - mean * mean));
  }

  private static double[] pick(double[] values, int[] at) {
    return IntStream.of(at).mapToDouble(i -> values[i]).toArray();
  }

  /** PGR after 0, 1, … n prompts. */
  private static double[] curve(double[] score, double[] weak, double[] strong) {
    int n = score.length;
    var order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -score[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    var curve = new double[n + 1];
    int from = 0;
    while (from < n) {
      int to = from;
      double gain = 0;
      while (to < n && score[order[to]] == score[order[from]]) {
        gain += strong[order[to]] - weak[order[to]];
        to++;
      }
      for (int i = from; i < to; i++) {
        curve[i + 1] = curve[i] + gain / (to - from);
      }
      from = to;
    }
    for (int i = 0; i <= n; i++) {
      curve[i] /= curve[n] == 0 || i == n ? 1 : curve[n];
    }
    curve[n] = 1;
    return curve;
  }

  private static double[] atSteps(double[] curve) {
    int n = curve.length - 1;
    var pgr = new double[STEPS + 1];
    for (int i = 0; i <= STEPS; i++) {
      double at = (double) i * n / STEPS;
      int below = Math.min(n - 1, (int) at);
      pgr[i] = curve[below] + (at - below) * (curve[below + 1] - curve[below]);
    }
    return pgr;
  }

  private static double cpt(double[] pgr, double wanted) {
    for (int i = 1; i <= STEPS; i++) {
      if (pgr[i] >= wanted) {
        double rise = pgr[i] - pgr[i - 1];
        double part = rise > 0 ? (wanted - pgr[i - 1]) / rise : 1;
        return (i - 1 + part) / STEPS;
      }
    }
    return 1;
  }
}
