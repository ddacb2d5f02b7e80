package org.brokecluster.protocol.model;

/**
 * What a runtime can do with a model; a request that needs one is never sent where it is missing.
 */
public enum Ability {
  CHAT,
  COMPLETION,
  EMBEDDING,
  TOOLS,
  /** Obeys {@code tool_choice}: a call that is required, or one function by name. */
  TOOL_CHOICE,
  VISION,
  JSON_SCHEMA,
  /** Answers in JSON of any shape ({@code response_format} of type {@code json_object}). */
  JSON_OBJECT,
  /** Log probabilities, also of a streamed answer. */
  LOGPROBS,
  SEED,
  /** Continues a trailing assistant message instead of starting a new turn. */
  ASSISTANT_PREFILL,
  /** Its chat template can be rendered to text, so that an answer goes on as a completion. */
  CHAT_TEMPLATE
}
