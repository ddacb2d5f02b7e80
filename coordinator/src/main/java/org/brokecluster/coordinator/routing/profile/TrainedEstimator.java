package org.brokecluster.coordinator.routing.profile;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.routing.model.PromptFeatures;
import org.brokecluster.coordinator.routing.model.PromptModel;
import org.brokecluster.coordinator.routing.model.Reading;
import org.brokecluster.coordinator.routing.model.RiskScale;
import org.brokecluster.coordinator.routing.model.TaskKind;
import org.brokecluster.protocol.router.Profile;
import org.jspecify.annotations.Nullable;

/**
 * The estimate of a trained model, with the phrases of {@link PhraseEstimator} where they know
 * better: a task that is named keeps its tier, whatever the training data would say of it, and for
 * prompts unlike all training data ({@link Reading#open}) the phrases' weaker evidence counts. What
 * looks like a question with a right answer is the model's alone.
 *
 * <p>Reads the last message of the user, a bounded part of it.
 */
public final class TrainedEstimator implements ComplexityEstimator {
  /** Basis of its profiles. */
  public static final String BASIS = "trained";

  /** From here on a prompt is a test question, and no phrase in it is a task. */
  private static final double CERTAINLY_TESTED = 0.9;

  /** A question of fewer words is a quick one if a phrase says so. */
  private static final int QUICK_WORDS = 16;

  /** Half the width of the interval that holds 80 % of a normal distribution. */
  private static final double TENTH = 1.2816;

  /**
   * Log odds by which questions of quiz shows fail too often in the training data: there Mistral-7B
   * answers a fifth of them; 63 % by its own report (TriviaQA without examples, arXiv 2310.06825
   * and its model card).
   */
  private static final double TRIVIA_GRADED_HARSHLY = 2;

  private static final double PHRASE_SPREAD = 0.8;
  private static final int TOKENS_MAX = 8192;
  private static final double CODE_BIAS = 0.7;

  private final PromptModel model;
  private final PhraseEstimator phrases = new PhraseEstimator();

  /** With a model that was trained. */
  public TrainedEstimator(PromptModel model) {
    this.model = model;
  }

  @Override
  public String name() {
    return BASIS;
  }

  @Override
  public Profile estimate(PromptText text) {
    return estimate(text, PromptFeatures.of(text.lastOfUser()));
  }

  /** The same with features that were read before. */
  Profile estimate(PromptText text, PromptFeatures features) {
    var found = phrases.findings(text);
    var reading = model.read(features);
    var task = taskThatCounts(found, reading);
    var prior = found.profile();
    var difficulty = Difficulty.of(task, found.weak(), reading);
    double open = reading.open();
    double chain = open * prior.reasoningChains() + (1 - open) * reading.chain();
    var tokens = Length.of(found, task, reading);
    return new Profile(
        round(difficulty.prompt()),
        round(difficulty.answer()),
        difficulty.task() == null ? null : round(difficulty.task()),
        round(Math.min(prior.languageBias(), 1 - CODE_BIAS * reading.code())),
        domains(prior, reading),
        round(clamp(Math.max(chain, task == null ? 0 : task.reasoning()), 0, 1)),
        prior.creativeDesign(),
        tokens.expected(),
        tokens.low(),
        tokens.high(),
        BASIS,
        evidence(task, prior, reading));
  }

  /** The task that phrases name, unless the model is sure of something else. */
  private static @Nullable Task taskThatCounts(PhraseEstimator.Findings found, Reading reading) {
    var task = found.task();
    boolean brief = found.words() <= QUICK_WORDS;
    boolean tested = reading.tested() >= CERTAINLY_TESTED && !brief;
    return task == null || tested || (task.weak() && !brief) ? null : task;
  }

  private static Map<String, Double> domains(Profile prior, Reading reading) {
    var all = new HashMap<>(prior.domains());
    double known = 1 - reading.open();
    reading.domains().forEach((name, share) -> all.merge(name, round(known * share), Math::max));
    return all.entrySet().stream()
        .filter(each -> each.getValue() > 0.1)
        .sorted(
            Map.Entry.<String, Double>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry::getKey, Comparator.naturalOrder()))
        .limit(Profile.DOMAINS_MAX)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static String evidence(@Nullable Task task, Profile prior, Reading reading) {
    var like =
        String.format(Locale.ROOT, "like %s (%.2f)", reading.kind().label(), reading.share());
    return task == null ? like : prior.evidence() + ", " + like;
  }

  private static double clamp(double value, double min, double max) {
    return Math.max(min, Math.min(max, value));
  }

  private static double round(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }

  /**
   * How hard it is, each on the scale of complexity.
   *
   * <p>A task's name tells the tier. It tells the risk as well where nothing like it was learned
   * from, which is so for all work but exercises in programming. Weak names stand in many questions
   * that were learned from. But those were collected to be hard, so of a quick question the truth
   * is sought half way.
   */
  private record Difficulty(double prompt, double answer, @Nullable Double task) {
    static Difficulty of(@Nullable Task task, double weak, Reading reading) {
      double open = reading.open();
      double learned = learned(reading);
      double untold = open * weak + (1 - open) * learned;
      if (task == null) {
        return new Difficulty(untold, asLearned(untold, reading), null);
      }
      double named = clamp(task.complexity() + PhraseEstimator.SWAY * (2 * untold - 1), 0, 1);
      if (task.weak()) {
        double between = open * named + (1 - open) * (named + learned) / 2;
        return new Difficulty(between, asLearned(between, reading), named);
      }
      double known = task == Task.PROGRAMMING ? reading.code() : 0;
      return new Difficulty(
          known * learned + (1 - known) * named,
          known * asLearned(learned, reading) + (1 - known) * asNamed(named),
          named);
    }

    /** Of the answer, with the gain of a large model that was learned. */
    private static double asLearned(double prompt, Reading reading) {
      return RiskScale.complexityAt(RiskScale.risk(prompt) - reading.gain());
    }

    /** Of the answer to a task: the harder it is, the better the odds of a large model. */
    private static double asNamed(double prompt) {
      double benefit = 0.5 + 7 * Math.max(0, prompt - 0.25);
      return RiskScale.complexityOf(RiskScale.logOdds(prompt) - benefit);
    }

    private static double learned(Reading reading) {
      double odds = Math.log((1 - reading.small()) / reading.small());
      double trivia = reading.kind() == TaskKind.TRIVIA ? reading.share() : 0;
      return RiskScale.complexityOf(odds - trivia * TRIVIA_GRADED_HARSHLY);
    }
  }

  /** How many tokens the answer will have. */
  private record Length(int expected, int low, int high) {
    /** What the prompt asks for, else what the task usually takes, else what was learned. */
    static Length of(PhraseEstimator.Findings found, @Nullable Task task, Reading reading) {
      boolean byPhrase = task != null || found.lengthAsked();
      return byPhrase
          ? around(found.profile().answerTokens(), PHRASE_SPREAD)
          : around(Math.exp(reading.lnTokens()), reading.spread());
    }

    private static Length around(double expected, double spread) {
      double factor = Math.exp(TENTH * spread);
      return new Length(tokens(expected), tokens(expected / factor), tokens(expected * factor));
    }

    private static int tokens(double count) {
      return (int) Math.round(clamp(count, 1, TOKENS_MAX));
    }
  }
}
