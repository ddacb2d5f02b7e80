package org.brokecluster.protocol.router;

/** Why the router will not place a request. The HTTP status of each is decided at the edge. */
public enum Refusal {
  /** No member that runs models is up. */
  NO_NODE,
  /** Nobody has what was asked for. */
  MODEL_NOT_FOUND,
  /** The pinned node is not a member. */
  NODE_NOT_FOUND,
  /** Somebody has the model, but nobody can do what the request needs. */
  NOT_CAPABLE,
  /** The prompt is longer than any candidate's context. */
  CONTEXT_TOO_LONG,
  /** The strategy named is not defined. */
  UNKNOWN_STRATEGY,
  /** Too many requests wait already. */
  QUEUE_FULL,
  /** The client's time ran out in the queue. */
  DEADLINE,
  /** Every candidate is draining, failed, or was already tried in vain. */
  NO_CANDIDATE_LEFT,
  /** The attempt before broke, and the cluster affords no further retries now. */
  RETRY_BUDGET
}
