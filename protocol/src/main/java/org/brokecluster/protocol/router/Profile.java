package org.brokecluster.protocol.router;

import java.util.Map;

/**
 * What a prompt demands, estimated at the edge without keeping its text.
 *
 * @param promptComplexity difficulty of the task, 0 to 1
 * @param answerComplexity difficulty of a good answer, 0 to 1
 * @param languageBias 0 for code, 1 for prose
 * @param domains weight of each subject found, 0 to 1, at most {@value #DOMAINS_MAX}
 * @param reasoningChains need for several steps of thought, 0 to 1
 * @param creativeDesign need for invention, 0 to 1
 * @param answerTokens expected length of the answer in tokens, at least 1
 * @param basis what made the estimate, such as {@code phrases} or {@code trained}
 * @param evidence phrase or feature that decided, for the explanation; never the user's text
 */
public record Profile(
    double promptComplexity,
    double answerComplexity,
    double languageBias,
    Map<String, Double> domains,
    double reasoningChains,
    double creativeDesign,
    int answerTokens,
    String basis,
    String evidence) {
  /** Subjects a profile may name. */
  public static final int DOMAINS_MAX = 8;

  /** Refuses values outside their ranges. */
  public Profile {
    domains = Map.copyOf(domains);
    requireUnit("promptComplexity", promptComplexity);
    requireUnit("answerComplexity", answerComplexity);
    requireUnit("languageBias", languageBias);
    requireUnit("reasoningChains", reasoningChains);
    requireUnit("creativeDesign", creativeDesign);
    if (domains.size() > DOMAINS_MAX || answerTokens < 1) {
      throw new IllegalArgumentException(
          "profile out of bounds: domains=%d answerTokens=%d"
              .formatted(domains.size(), answerTokens));
    }
  }

  private static void requireUnit(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be within 0 and 1: " + value);
    }
  }
}
