package org.brokecluster.coordinator.history.fold;

/** What is counted for one model or one node. Constants are only added: their names are hashed. */
public enum Tally {
  DECIDED,
  COMPLETED,
  FAILED,
  CANCELLED,
  PROMPT_TOKENS,
  COMPLETION_TOKENS,
  CACHED_TOKENS
}
