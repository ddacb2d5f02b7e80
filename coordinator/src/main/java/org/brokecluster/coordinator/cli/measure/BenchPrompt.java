package org.brokecluster.coordinator.cli.measure;

import java.util.Random;

/**
 * Prompts of a known length that no model has seen before, so that no cache can shorten the reading
 * of them. Pure: the same seed makes the same prompt.
 */
final class BenchPrompt {
  private static final String[] SYLLABLES = {
    "ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "wen", "dor", "fal", "gim", "hol", "jas"
  };

  /** Made-up words take about this many tokens each. */
  private static final double TOKENS_PER_WORD = 2.5;

  private BenchPrompt() {}

  /** A prompt of about so many tokens that asks for a long answer. */
  static String of(long seed, int tokens) {
    var random = new Random(seed);
    var text = new StringBuilder("Story ").append(Long.toHexString(seed)).append('.');
    int words = (int) Math.max(1, tokens / TOKENS_PER_WORD);
    for (int i = 0; i < words; i++) {
      text.append(' ');
      int length = 2 + random.nextInt(2);
      for (int s = 0; s < length; s++) {
        text.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
      }
    }
    return text.append(". Write a very long story in which each of these words is a name.")
        .toString();
  }
}
