package org.brokecluster.coordinator.routing.queue;

import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.router.RequestFacts;

/**
 * What a request costs its flow, in tokens: one for each token read and two for each one made, the
 * weights of the virtual token counter (Sheng et al., "Fairness in Serving Large Language Models",
 * OSDI 2024).
 */
public final class TokenCost {
  private static final int READ = 1;
  private static final int MADE = 2;

  private static final int READ_WHILE_MADE = 8;

  private TokenCost() {}

  /**
   * As far as it can be known before the answer; at least 1.
   *
   * @param cached tokens of the prompt that are not read again
   */
  public static double expected(RequestFacts facts, int cached) {
    return READ * unread(facts, cached) + MADE * (double) facts.expectedTokens();
  }

  /**
   * How long it takes compared with others: a token made takes about as long as {@value
   * #READ_WHILE_MADE} tokens read, on all Macs alike (see {@link
   * org.brokecluster.shared.hardware.SpeedEstimate}). At least 1.
   *
   * @param cached tokens of the prompt that are not read again
   */
  public static double work(RequestFacts facts, int cached) {
    return unread(facts, cached) + READ_WHILE_MADE * (double) facts.expectedTokens();
  }

  private static double unread(RequestFacts facts, int cached) {
    return Math.max(1, facts.promptTokens() - cached);
  }

  /** What it was; tokens that came from a cache are not read again. At least 1. */
  public static double actual(Usage usage) {
    int read = Math.max(0, usage.promptTokens() - usage.cachedTokens());
    return Math.max(1, READ * (double) read + MADE * (double) usage.completionTokens());
  }
}
