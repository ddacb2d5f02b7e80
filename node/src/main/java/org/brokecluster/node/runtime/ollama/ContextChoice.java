package org.brokecluster.node.runtime.ollama;

/**
 * How long a context to ask for. Another length than the one a model is loaded with makes Ollama
 * load it again, so lengths are few and never shrink. Pure.
 *
 * @param min length a model is loaded with at first, in tokens
 * @param max longest that is asked for, in tokens
 */
record ContextChoice(int min, int max) {
  /** Bytes of a token, chosen so that the prompt is rather thought too long than too short. */
  private static final int FEW_BYTES = 3;

  /** Bytes of a token that no text reaches on average. */
  private static final int MANY_BYTES = 7;

  private static final int ANSWER_TOKENS = 2048;

  /** The same for a model whose own limit may be lower. */
  ContextChoice boundedBy(int modelMax) {
    return new ContextChoice(Math.min(min, modelMax), Math.min(max, modelMax));
  }

  /**
   * The length for a request.
   *
   * @param promptBytes bytes of its text
   * @param imageTokens tokens of its images
   * @param answerLimit the client's limit of the answer, 0 for none
   * @param loaded length the model is loaded with, 0 if it is not
   */
  int tokens(long promptBytes, int imageTokens, int answerLimit, int loaded) {
    long answer = answerLimit > 0 ? answerLimit : ANSWER_TOKENS;
    long needed = promptBytes / FEW_BYTES + imageTokens + answer;
    if (needed <= loaded) {
      return loaded;
    }
    long length = Math.max(1, min);
    while (length < needed && length < max) {
      length *= 2;
    }
    return (int) Math.max(loaded, Math.min(length, max));
  }

  /** Whether a prompt of so many bytes is longer than any context asked for, surely. */
  boolean surelyTooShortFor(long promptBytes, int loaded) {
    return promptBytes / MANY_BYTES > Math.max(loaded, max);
  }
}
