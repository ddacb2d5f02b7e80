package org.brokecluster.node.runtime.answer;

import org.jspecify.annotations.Nullable;

/**
 * How one answer is put together.
 *
 * @param idPrefix begins the ids of tool calls that come without one
 * @param promptBytes size of the request, to estimate the prompt where no counts come
 * @param splitsThinking whether a {@code <think>} block at the beginning of the text is reasoning
 * @param oneToolCall whether further tool calls are left out, because the client wants no parallel
 *     ones and the runtime does not know that wish
 * @param tokenLimit most tokens the client allows, or null
 */
public record AnswerRules(
    String idPrefix,
    int promptBytes,
    boolean splitsThinking,
    boolean oneToolCall,
    @Nullable Integer tokenLimit) {

  /** Rules for a request that asks for nothing special. */
  public static AnswerRules plain(String idPrefix, int promptBytes) {
    return new AnswerRules(idPrefix, promptBytes, false, false, null);
  }
}
