package org.brokecluster.protocol.model;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Tokens of one answer, as OpenAI counts them.
 *
 * @param promptTokens tokens of the prompt, at least 0
 * @param completionTokens tokens made, at least 0
 * @param cachedTokens part of the prompt that came from the KV cache, at least 0
 * @param estimated true where the runtime gave no counts and these are our own
 */
public record Usage(
    int promptTokens,
    int completionTokens,
    int cachedTokens,
    // Left out where it is false, as every stored event of earlier versions did.
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean estimated) {
  /** No tokens at all. */
  public static final Usage NONE = new Usage(0, 0, 0);

  /** Counts that a runtime gave. */
  public Usage(int promptTokens, int completionTokens, int cachedTokens) {
    this(promptTokens, completionTokens, cachedTokens, false);
  }

  /** Counts of our own, where a runtime gave none. */
  public static Usage estimate(int promptTokens, int completionTokens) {
    return new Usage(promptTokens, completionTokens, 0, true);
  }

  /** Prompt and completion together. */
  public int totalTokens() {
    return promptTokens + completionTokens;
  }
}
