package org.brokecluster.protocol.node;

import org.jspecify.annotations.Nullable;

/**
 * One normalised piece of an answer.
 *
 * @param kind what the text is
 * @param index number of the tool call this belongs to; 0 otherwise
 * @param id id of the tool call, in its first chunk only
 * @param name function name of the tool call, in its first chunk only
 * @param text content, reasoning, or a fragment of the call's arguments
 */
public record TokenChunk(
    Kind kind, int index, @Nullable String id, @Nullable String name, String text) {

  /** What a chunk's text is. */
  public enum Kind {
    CONTENT,
    REASONING,
    TOOL_CALL,
    /** Log probabilities of the content chunk before it, as a JSON object. */
    LOGPROBS
  }

  /** Whether it is something to read: an answer or thinking. */
  public boolean isText() {
    return switch (kind) {
      case CONTENT, REASONING -> true;
      case TOOL_CALL, LOGPROBS -> false;
    };
  }

  /** Plain answer text. */
  public static TokenChunk content(String text) {
    return new TokenChunk(Kind.CONTENT, 0, null, null, text);
  }

  /** Thinking that precedes the answer. */
  public static TokenChunk reasoning(String text) {
    return new TokenChunk(Kind.REASONING, 0, null, null, text);
  }
}
