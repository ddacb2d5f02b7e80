package org.brokecluster.node.runtime.openai;

/** What a kind of server does in a way of its own: what it offers, and what the adapter heeds. */
public enum Habit {
  /** Works on several answers at once instead of one after another. */
  CONCURRENT,
  /** Keeps what it has read of a prompt for the next one that begins alike. */
  REUSES_PROMPTS,
  /** Stops working on an answer when its connection closes. */
  CANCELS,
  /** Tells which share of a long prompt it has read. */
  TELLS_PROGRESS,
  /** Does so if it is asked to by a field of its own. */
  PROGRESS_IF_ASKED,
  /** Tells which of its models are in memory. */
  TELLS_STATE,
  /** Brings a model into memory when a request names it, and takes another out for it. */
  LOADS_BY_REQUEST,
  /** Cuts answers at a low limit of its own where the client sets none. */
  LOW_LIMIT,
  /** Knows the limit of an answer by the name {@code max_tokens} alone. */
  OLD_LIMIT_NAME,
  /** Loses or refuses messages of the role developer. */
  NO_DEVELOPER,
  /** Parses the arguments of earlier tool calls, and breaks where they are no JSON object. */
  PARSES_ARGUMENTS,
  /** Breaks over fields it does not know or values of an unusual type. */
  STRICT,
  /** Refuses {@code stream_options}, and so sends no counts. */
  NO_STREAM_OPTIONS,
  /** Leaves thinking in the text, between {@code <think>} tags. */
  THINKS_INLINE,
  /** Ignores {@code parallel_tool_calls}. */
  MANY_CALLS,
  /** Takes the depth of thinking from the arguments of the chat template. */
  TEMPLATE_EFFORT
}
