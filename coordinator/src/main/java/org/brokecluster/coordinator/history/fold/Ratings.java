package org.brokecluster.coordinator.history.fold;

/** What is summed of the ratings of one model. Constants are only added: their names are hashed. */
public enum Ratings {
  /** Ratings given. */
  COUNT,
  /** Sum of their scores, each 1 to 5. */
  SUM
}
