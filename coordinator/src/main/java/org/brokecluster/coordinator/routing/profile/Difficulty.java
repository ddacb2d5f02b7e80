package org.brokecluster.coordinator.routing.profile;

import org.brokecluster.coordinator.routing.model.Reading;
import org.brokecluster.coordinator.routing.model.RiskScale;
import org.brokecluster.coordinator.routing.model.TaskKind;
import org.jspecify.annotations.Nullable;

/**
 * How hard a prompt is, each on the scale of complexity.
 *
 * <p>A task's name tells the tier. It tells the risk as well where nothing like it was learned
 * from, which is so for all work but exercises in programming. Weak names stand in many questions
 * that were learned from. But those were collected to be hard, so of a quick question the truth is
 * sought half way, and small talk and sums of a line are nearly what they look like.
 *
 * @param prompt for a small model
 * @param answer for a large one
 * @param task by which the tier is chosen; null where that follows from the other two
 */
record Difficulty(double prompt, double answer, @Nullable Double task) {
  /**
   * Log odds by which questions of quiz shows fail too often in the training data: there Mistral-7B
   * answers a fifth of them; 63 % by its own report (TriviaQA without examples, arXiv 2310.06825
   * and its model card).
   */
  private static final double TRIVIA_GRADED_HARSHLY = 2;

  /**
   * Log odds by which models fail more often where a figure is asked for that hardly any text
   * holds: of such questions (SimpleQA, arXiv 2411.04368) GPT-4o answers 38 %, GPT-4o-mini 9 %.
   */
  private static final double RARE_FACT = 3;

  /** Log odds by which a large model is better at most where none is to be trusted. */
  private static final double BENEFIT_BEYOND = 2;

  /** Log odds by which a large model is better where there is little to be better at. */
  private static final double BENEFIT_EASY = 0.5;

  /** How much a name is trusted that the look of the whole prompt confirms. */
  private static final double CONFIRMED = 0.8;

  /** A prompt of so few words without a task tells nothing. */
  private static final int TOO_SHORT = 3;

  /** A question of more words tells what is needed to answer it. */
  private static final int LONG = 25;

  private static final double TOO_SHORT_TIER = 0.3;

  /**
   * By everything that was found.
   *
   * @param task that a phrase or the look of the prompt names, or null
   */
  static Difficulty of(
      @Nullable Task task, PhraseEstimator.Findings found, Look look, Reading reading) {
    double learned = learned(reading);
    double untold = reading.open() * found.weak() + (1 - reading.open()) * learned;
    double rare = RARE_FACT * rareFact(task, found, look);
    if (task == null && tellsNothing(found, reading)) {
      return new Difficulty(
          RiskScale.complexityAt(Footing.MIDDLE_SMALL),
          RiskScale.complexityAt(Footing.MIDDLE_LARGE),
          TOO_SHORT_TIER);
    }
    var difficulty = task == null ? untold(untold, reading) : named(task, untold, found, reading);
    var firm = confirmed(task, found) ? difficulty : Footing.on(difficulty, task, reading);
    return firm.harder(rare);
  }

  private static boolean tellsNothing(PhraseEstimator.Findings found, Reading reading) {
    boolean brief = found.words() > 0 && found.words() <= TOO_SHORT;
    return brief && reading.code() < 0.5 && reading.tested() < 0.5;
  }

  /** Complexity in one number, as the tier is chosen by it. */
  double demand() {
    return task != null ? task : Math.max(prompt, (prompt + answer) / 2);
  }

  /** With so much higher log odds of the risk, on the same tier. */
  private Difficulty harder(double odds) {
    return odds == 0
        ? this
        : new Difficulty(
            RiskScale.complexityOf(RiskScale.logOdds(prompt) + odds),
            RiskScale.complexityOf(RiskScale.logOdds(answer) + odds),
            demand());
  }

  private static Difficulty untold(double untold, Reading reading) {
    return new Difficulty(untold, asLearned(untold, reading), null);
  }

  private static Difficulty named(
      Task task, double untold, PhraseEstimator.Findings found, Reading reading) {
    double learned = learned(reading);
    double named = clamp(task.complexity() + PhraseEstimator.SWAY * (2 * untold - 1));
    if (task.weak()) {
      double trust = confirmed(task, found) ? CONFIRMED : 0.5;
      double open = reading.open();
      double between = open * named + (1 - open) * (trust * named + (1 - trust) * learned);
      double answer =
          confirmed(task, found)
              ? RiskScale.complexityOf(RiskScale.logOdds(between) - BENEFIT_EASY)
              : asLearned(between, reading);
      return new Difficulty(between, answer, named);
    }
    double known = task == Task.PROGRAMMING ? reading.code() : 0;
    return new Difficulty(
        known * learned + (1 - known) * named,
        known * asLearned(learned, reading) + (1 - known) * asNamed(task, named),
        named);
  }

  /** Whether the look of the whole prompt says the same as the name of the task. */
  static boolean confirmed(@Nullable Task task, PhraseEstimator.Findings found) {
    return task == Task.SUM || (task == Task.SMALL_TALK && found.words() <= 5);
  }

  /**
   * How much a short question looks like one for a figure that hardly any text holds, 0 to 1: it
   * wants something exact or a figure, of a year or of somebody. Other numbers tell of a sum.
   */
  private static double rareFact(@Nullable Task task, PhraseEstimator.Findings found, Look look) {
    boolean strong = task != null && task != Task.QUICK_QUESTION;
    boolean dated = look.years() == 1 || (look.years() == 0 && found.precision() > 0);
    if (strong || !dated || look.numbers() > 0 || look.lines() > 1 || found.words() > LONG) {
      return 0;
    }
    double exact = Math.min(1, found.precision()) + 0.5 * Math.min(2, found.figures());
    double about = look.years() + 0.5 * Math.min(2, look.names());
    return exact == 0 || about == 0 ? 0 : clamp((exact + about - 1) / 2);
  }

  /** Of the answer, with the gain of a large model that was learned. */
  private static double asLearned(double prompt, Reading reading) {
    return RiskScale.complexityAt(RiskScale.risk(prompt) - reading.gain());
  }

  /** Of the answer to a task: the harder it is, the better the odds of a large model. */
  private static double asNamed(Task task, double prompt) {
    double benefit = 0.5 + 7 * Math.max(0, prompt - 0.25);
    double most = task.beyondLargeModels() ? BENEFIT_BEYOND : benefit;
    return RiskScale.complexityOf(RiskScale.logOdds(prompt) - Math.min(benefit, most));
  }

  private static double learned(Reading reading) {
    double odds = Math.log((1 - reading.small()) / reading.small());
    double trivia = reading.kind() == TaskKind.TRIVIA ? reading.share() : 0;
    return RiskScale.complexityOf(odds - trivia * TRIVIA_GRADED_HARSHLY);
  }

  private static double clamp(double value) {
    return Math.max(0, Math.min(1, value));
  }
}
