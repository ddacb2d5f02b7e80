package org.brokecluster.coordinator.history.fold;

/**
 * What is summed for one model on one node, from completed answers only. Constants are only added:
 * their names are hashed.
 */
public enum Learned {
  /** Completed answers. */
  ANSWERS,
  /** Answers whose first token was timed, and the sum of those times in ms. */
  FIRST_TOKEN_COUNT,
  FIRST_TOKEN_MS,
  /** Answers whose decoding was timed, their tokens, and the sum of those times in ms. */
  DECODE_COUNT,
  DECODE_TOKENS,
  DECODE_MS,
  /** Sum of the answers' whole times in ms. */
  TOTAL_MS,
  /** Attempts that broke here. */
  FAILURES
}
