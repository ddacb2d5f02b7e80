package org.brokecluster.simulation.schedule;

import java.util.Random;

/**
 * What an edge would know beforehand of a length: the truth times a lognormal error.
 *
 * @param promptError standard deviation of the logarithm of a guessed prompt, at least 0
 * @param answerError standard deviation of the logarithm of a guessed answer, at least 0
 */
record Guess(double promptError, double answerError) {
  /**
   * An estimate without a tokenizer is off by some 15 %. An answer's length is off by a factor of
   * two and more: 0.8 leaves a rank correlation of about 0.75 on lengths spread like those of
   * conversations, which is what a trained estimate reaches.
   */
  static final Guess USUAL = new Guess(0.15, 0.8);

  int prompt(int tokens, Random random) {
    return blurred(tokens, promptError, random);
  }

  int answer(int tokens, Random random) {
    return blurred(tokens, answerError, random);
  }

  private static int blurred(int tokens, double error, Random random) {
    double blurred = tokens * Math.exp(error * random.nextGaussian());
    return (int) Math.max(1, Math.min(100_000, Math.round(blurred)));
  }
}
