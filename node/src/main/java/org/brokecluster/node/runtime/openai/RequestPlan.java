package org.brokecluster.node.runtime.openai;

import org.jspecify.annotations.Nullable;

/**
 * What a request is adapted to.
 *
 * @param wireName the runtime's own name of the model
 * @param answerMax limit of an answer where the client sets none and the server's own is too low
 * @param contextLength longest prompt plus answer in tokens, if known
 * @param shifts whether a text prompt must not be sent as it is, see {@link PromptMemory}
 */
record RequestPlan(
    Dialect dialect,
    String wireName,
    int answerMax,
    @Nullable Integer contextLength,
    boolean shifts) {
  /** The same for a prompt that must, or need not, be shifted. */
  RequestPlan shifted(boolean shift) {
    return new RequestPlan(dialect, wireName, answerMax, contextLength, shift);
  }
}
