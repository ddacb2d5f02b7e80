package org.brokecluster.coordinator.history.fold;

/** What is counted over a whole term. Constants are only added: their names are hashed. */
public enum Total {
  /** Events of each kind. */
  RECEIVED,
  DECIDED,
  QUEUED,
  REFUSED,
  STARTED,
  COMPLETED,
  FAILED,
  CANCELLED,
  NODE_CHANGED,
  STRATEGY_CHANGED,
  /** Requests that were open and ended so. */
  REQUESTS_COMPLETED,
  REQUESTS_FAILED,
  REQUESTS_CANCELLED,
  REQUESTS_REFUSED,
  /** Open requests given up because there were more than {@link RoutingState#OPEN_MAX}. */
  REQUESTS_FORGOTTEN,
  /** Tokens of all attempts' ends. */
  PROMPT_TOKENS,
  COMPLETION_TOKENS,
  CACHED_TOKENS
}
