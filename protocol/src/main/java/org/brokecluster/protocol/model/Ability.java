package org.brokecluster.protocol.model;

/**
 * What a runtime can do with a model; a request that needs one is never sent where it is missing.
 */
public enum Ability {
  CHAT,
  COMPLETION,
  EMBEDDING,
  TOOLS,
  VISION,
  JSON_SCHEMA,
  LOGPROBS,
  SEED,
  /** Continues a trailing assistant message instead of starting a new turn. */
  ASSISTANT_PREFILL
}
