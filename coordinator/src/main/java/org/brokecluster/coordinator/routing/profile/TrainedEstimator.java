package org.brokecluster.coordinator.routing.profile;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.routing.model.PromptFeatures;
import org.brokecluster.coordinator.routing.model.PromptModel;
import org.brokecluster.coordinator.routing.model.Reading;
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
    var look = Look.at(text.lastOfUser());
    var task = taskThatCounts(found, look, reading);
    var prior = found.profile();
    var difficulty = Difficulty.of(task, found, look, reading);
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
        evidence(task, found, reading));
  }

  /** The task that phrases or the look name, unless the model is sure of something else. */
  private static @Nullable Task taskThatCounts(
      PhraseEstimator.Findings found, Look look, Reading reading) {
    var task = found.task();
    if (task == null || task.weak()) {
      task = look.sum() ? Task.SUM : look.wordless() ? Task.SMALL_TALK : task;
    }
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

  private static String evidence(
      @Nullable Task task, PhraseEstimator.Findings found, Reading reading) {
    var like =
        String.format(Locale.ROOT, "like %s (%.2f)", reading.kind().label(), reading.share());
    if (Footing.known(reading) < 1 && !Difficulty.confirmed(task, found)) {
      like += ", but hardly any of its words are known (best known are English ones)";
    }
    if (task == null) {
      return like;
    }
    var by = task == found.task() ? found.profile().evidence() : task.label() + " by its look";
    return by + ", " + like;
  }

  private static double clamp(double value, double min, double max) {
    return Math.max(min, Math.min(max, value));
  }

  private static double round(double value) {
    return Math.round(value * 10_000) / 10_000.0;
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
