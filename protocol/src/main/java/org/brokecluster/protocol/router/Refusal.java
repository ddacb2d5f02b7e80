package org.brokecluster.protocol.router;

/** Why the router will not place a request. The HTTP status of each is decided at the edge. */
public enum Refusal {
  /** No member that runs models is up. */
  NO_NODE("no_node"),
  /** Nobody has what was asked for. */
  MODEL_NOT_FOUND("model_not_found"),
  /** The pinned node is not a member. */
  NODE_NOT_FOUND("node_not_found"),
  /** Somebody has the model, but nobody can do what the request needs. */
  NOT_CAPABLE("not_capable"),
  /** The prompt is longer than any candidate's context. */
  CONTEXT_TOO_LONG("context_length_exceeded"),
  /** The strategy named is not defined. */
  UNKNOWN_STRATEGY("unknown_strategy"),
  /** Too many requests wait already. */
  QUEUE_FULL("queue_full"),
  /** The client's time ran out in the queue. */
  DEADLINE("deadline_exceeded"),
  /** Every candidate is draining, failed, or was already tried in vain. */
  NO_CANDIDATE_LEFT("no_candidate_left"),
  /** The attempt before broke, and the cluster affords no further retries now. */
  RETRY_BUDGET("retries_exhausted");

  private final String code;

  Refusal(String code) {
    this.code = code;
  }

  /** What a client is told, as a word for programs. */
  public String code() {
    return code;
  }
}
