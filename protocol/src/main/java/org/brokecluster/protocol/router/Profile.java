package org.brokecluster.protocol.router;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a prompt demands, estimated at the edge without keeping its text.
 *
 * @param promptComplexity difficulty of the task, 0 to 1: the risk that a small model (about 7
 *     billion weights) does not answer well
 * @param answerComplexity difficulty of a good answer, 0 to 1: the risk that even a large model (70
 *     billion weights and more) does not
 * @param taskComplexity where the task that the prompt names belongs on the scale that bounds the
 *     tiers, 0 to 1; absent where it names none, or where that is all that is known and stands in
 *     {@code promptComplexity} already
 * @param languageBias 0 for code, 1 for prose
 * @param domains weight of each subject found, 0 to 1, at most {@value #DOMAINS_MAX}
 * @param reasoningChains need for several steps of thought, 0 to 1
 * @param creativeDesign need for invention, 0 to 1
 * @param answerTokens expected length of the answer in tokens, at least 1
 * @param answerTokensLow nine in ten answers are longer; absent where nobody knows
 * @param answerTokensHigh nine in ten answers are shorter; absent where nobody knows
 * @param basis what made the estimate, such as {@code phrases} or {@code trained}
 * @param evidence phrase or feature that decided, for the explanation; never the user's text
 */
public record Profile(
    double promptComplexity,
    double answerComplexity,
    @Nullable Double taskComplexity,
    double languageBias,
    Map<String, Double> domains,
    double reasoningChains,
    double creativeDesign,
    int answerTokens,
    @Nullable Integer answerTokensLow,
    @Nullable Integer answerTokensHigh,
    String basis,
    String evidence) {
  /** Subjects a profile may name. */
  public static final int DOMAINS_MAX = 8;

  /** Refuses values outside their ranges. */
  public Profile {
    domains = Map.copyOf(domains);
    requireUnit("promptComplexity", promptComplexity);
    requireUnit("answerComplexity", answerComplexity);
    requireUnit("taskComplexity", taskComplexity == null ? 0 : taskComplexity);
    requireUnit("languageBias", languageBias);
    requireUnit("reasoningChains", reasoningChains);
    requireUnit("creativeDesign", creativeDesign);
    if (domains.size() > DOMAINS_MAX || answerTokens < 1) {
      throw new IllegalArgumentException(
          "profile out of bounds: domains=%d answerTokens=%d"
              .formatted(domains.size(), answerTokens));
    }
  }

  /** A profile without a named task that does not say how far the length may be off. */
  public Profile(
      double promptComplexity,
      double answerComplexity,
      double languageBias,
      Map<String, Double> domains,
      double reasoningChains,
      double creativeDesign,
      int answerTokens,
      String basis,
      String evidence) {
    this(
        promptComplexity,
        answerComplexity,
        null,
        languageBias,
        domains,
        reasoningChains,
        creativeDesign,
        answerTokens,
        null,
        null,
        basis,
        evidence);
  }

  /**
   * Complexity in one number, 0 to 1, for the choice of the tier: that of the task it names, or
   * else that of the prompt, or the mean of prompt and answer where a good answer is harder than
   * the question looks.
   */
  public double demand() {
    return taskComplexity != null
        ? taskComplexity
        : Math.max(promptComplexity, (promptComplexity + answerComplexity) / 2);
  }

  private static void requireUnit(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be within 0 and 1: " + value);
    }
  }
}
