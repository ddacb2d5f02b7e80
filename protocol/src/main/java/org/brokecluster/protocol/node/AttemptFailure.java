package org.brokecluster.protocol.node;

import org.jspecify.annotations.Nullable;

/**
 * Why an attempt broke.
 *
 * @param status HTTP status the runtime gave, or null if there was none
 * @param code short code for programs, such as {@code context_length_exceeded}
 * @param message for people; free of the prompt's text
 * @param param request field at fault, if the runtime named one
 * @param retryAfterMs how long the runtime asked to be left alone, or null
 */
public record AttemptFailure(
    Kind kind,
    @Nullable Integer status,
    String code,
    String message,
    @Nullable String param,
    @Nullable Long retryAfterMs) {

  /** Class of a failure; decides whether another attempt may help. */
  public enum Kind {
    /** The request itself is at fault: another node would say the same. */
    BAD_REQUEST(false),
    /** The runtime here cannot honour an option of the request; another one may. */
    UNSUPPORTED(true),
    /** The prompt does not fit this model's context; one with a larger context may take it. */
    CONTEXT_LENGTH(true),
    /** The runtime declined the content. */
    CONTENT_POLICY(false),
    /** The runtime asked for patience. */
    RATE_LIMITED(true),
    /** The runtime answered with an error of its own. */
    RUNTIME_ERROR(true),
    /** The runtime could not be reached, or closed without a word. */
    RUNTIME_UNREACHABLE(true),
    /** The stream ended without a finish reason. */
    STREAM_CUT(true),
    /** Nothing came for too long. */
    STALLED(true),
    /** The model could not be loaded. */
    LOAD_FAILED(true),
    /** The node itself vanished, or lost a message on the way. */
    NODE_LOST(true),
    /** The node is shutting down. */
    NODE_STOPPING(true),
    /** Made again, the answer was another one than the client has the beginning of. */
    DIVERGED(true),
    /** The client reads more slowly than the node may buffer. */
    SLOW_CLIENT(false),
    /** The request was taken back. */
    CANCELLED(false);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }

    /**
     * Whether it speaks against the model on its node. A client's own mistake never does, and a
     * node that vanished is told by its absence.
     */
    public boolean blamesNode() {
      return switch (this) {
        case RATE_LIMITED, RUNTIME_ERROR, RUNTIME_UNREACHABLE, STREAM_CUT, STALLED, LOAD_FAILED ->
            true;
        case BAD_REQUEST,
            UNSUPPORTED,
            CONTEXT_LENGTH,
            CONTENT_POLICY,
            DIVERGED,
            NODE_LOST,
            NODE_STOPPING,
            SLOW_CLIENT,
            CANCELLED ->
            false;
      };
    }

    /**
     * Whether it may pass by itself within a moment, so that one more attempt at the same place is
     * worth making.
     */
    public boolean mayBeHiccup() {
      return switch (this) {
        case RUNTIME_ERROR, RUNTIME_UNREACHABLE -> true;
        case BAD_REQUEST,
            UNSUPPORTED,
            CONTEXT_LENGTH,
            CONTENT_POLICY,
            RATE_LIMITED,
            STREAM_CUT,
            STALLED,
            LOAD_FAILED,
            NODE_LOST,
            NODE_STOPPING,
            DIVERGED,
            SLOW_CLIENT,
            CANCELLED ->
            false;
      };
    }

    /** Whether it speaks against everything on its node, and not against the model there only. */
    public boolean wholeNode() {
      return this == NODE_LOST || this == NODE_STOPPING;
    }

    /** Whether another attempt may succeed. */
    public boolean retryable() {
      return retryable;
    }
  }

  /** A failure with a code and message only. */
  public static AttemptFailure of(Kind kind, String code, String message) {
    return new AttemptFailure(kind, null, code, message, null, null);
  }

  /** Its node ends, or what runs its models there. */
  public static AttemptFailure nodeStopping() {
    return of(Kind.NODE_STOPPING, "node_stopping", "the node is stopping");
  }
}
