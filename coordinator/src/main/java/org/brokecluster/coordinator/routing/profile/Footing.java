package org.brokecluster.coordinator.routing.profile;

import org.brokecluster.coordinator.routing.model.Reading;
import org.brokecluster.coordinator.routing.model.RiskScale;
import org.jspecify.annotations.Nullable;

/**
 * How firmly an estimate stands on something learned. What was learned are exams, exercises and
 * quizzes in English; of anything else the estimate must not be sure. With the share {@code s} of a
 * prompt's words that stand in many prompts learned from ({@link Reading#familiar}),
 *
 * <pre>
 * known = 0 below s = 0.35, 1 from s = 0.55, linear in between
 *         and at least the probability that it is an exam or mathematics, whose formulas are
 *         no words but were learned from
 * risk  = known × risk + (1 - known) × middle
 * </pre>
 *
 * where the middle is {@value #MIDDLE_SMALL} for a small and {@value #MIDDLE_LARGE} for a large
 * model: a little better than what models of these sizes reach over all that was learned, because
 * that was collected to be hard. Of the prompts learned from 1 in 100 has {@code s} below 0.55; of
 * prompts in other languages nearly all are below 0.4.
 *
 * <p>Work without a name in no collection ({@link Reading#open}) may go wrong for a reason that
 * nothing tells of, with probability {@code u} = 0.28 for a small and 0.24 for a large model:
 *
 * <pre>
 * risk' = 1 - (1 - risk) (1 - open u)
 * </pre>
 *
 * so that it takes evidence to be green, and what looks harder stays riskier.
 */
final class Footing {
  static final double MIDDLE_SMALL = 0.35;
  static final double MIDDLE_LARGE = 0.27;

  private static final double UNTOLD_SMALL = 0.28;
  private static final double UNTOLD_LARGE = 0.24;
  private static final double LEAST_UNTOLD = 0.02;
  private static final double STRANGE = 0.35;
  private static final double FAMILIAR = 0.55;

  private Footing() {}

  /** How much of what was learned can be said of the prompt, 0 to 1. */
  static double known(Reading reading) {
    double known = (reading.familiar() - STRANGE) / (FAMILIAR - STRANGE);
    return Math.max(reading.tested(), Math.min(1, known));
  }

  /**
   * The same difficulty, only as sure as the prompt is known. A task that is named is known by its
   * name; work without a name stays on its tier, whatever may go wrong with it.
   *
   * @param task that is named, or null
   */
  static Difficulty on(Difficulty difficulty, @Nullable Task task, Reading reading) {
    if (task != null && !task.weak()) {
      return difficulty;
    }
    double known = known(reading);
    double prompt = between(difficulty.prompt(), MIDDLE_SMALL, known);
    double answer = between(difficulty.answer(), MIDDLE_LARGE, known);
    var sure = new Difficulty(prompt, answer, difficulty.task());
    double untold = task == null ? known * reading.open() : 0;
    return untold < LEAST_UNTOLD
        ? sure
        : new Difficulty(
            raised(prompt, untold * UNTOLD_SMALL),
            raised(answer, untold * UNTOLD_LARGE),
            sure.demand());
  }

  private static double between(double complexity, double middle, double known) {
    return known == 1
        ? complexity
        : RiskScale.complexityAt(known * RiskScale.risk(complexity) + (1 - known) * middle);
  }

  private static double raised(double complexity, double by) {
    return RiskScale.complexityAt(1 - (1 - RiskScale.risk(complexity)) * (1 - by));
  }
}
