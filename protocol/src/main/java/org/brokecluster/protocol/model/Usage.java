package org.brokecluster.protocol.model;

/**
 * Tokens of one answer, as OpenAI counts them.
 *
 * @param promptTokens tokens of the prompt, at least 0
 * @param completionTokens tokens made, at least 0
 * @param cachedTokens part of the prompt that came from the KV cache, at least 0
 */
public record Usage(int promptTokens, int completionTokens, int cachedTokens) {
  /** No tokens at all. */
  public static final Usage NONE = new Usage(0, 0, 0);

  /** Prompt and completion together. */
  public int totalTokens() {
    return promptTokens + completionTokens;
  }
}
