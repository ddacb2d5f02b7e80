package org.brokecluster.coordinator.http.error;

import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.Refusal;
import org.jspecify.annotations.Nullable;

/** The one place where a reason becomes an HTTP status, a type and a code. */
public final class ErrorStatus {
  private static final long SOON_MS = 1_000;
  private static final long LATER_MS = 5_000;

  /** Statuses of a runtime that say something of the request, not of the runtime's own keys. */
  private static final Set<Integer> ABOUT_THE_REQUEST = Set.of(400, 404, 409, 413, 415, 422);

  private ErrorStatus() {}

  /**
   * What a client is told when the router will not place its request.
   *
   * @param retryAfterMs the router's advice, or null; where trying again makes sense without it,
   *     some is given
   */
  public static ApiError of(Refusal reason, String message, @Nullable Long retryAfterMs) {
    return switch (reason) {
      case NO_NODE ->
          busy(503, ApiError.SERVER_ERROR, reason.code(), message, retryAfterMs, LATER_MS);
      case MODEL_NOT_FOUND -> request(404, reason.code(), message, "model");
      case NODE_NOT_FOUND -> request(404, reason.code(), message, "x-broke-node");
      case NOT_CAPABLE -> request(400, reason.code(), message, null);
      case CONTEXT_TOO_LONG -> request(400, reason.code(), message, "messages");
      case UNKNOWN_STRATEGY -> request(400, reason.code(), message, "x-broke-strategy");
      case QUEUE_FULL ->
          busy(429, ApiError.RATE_LIMIT, reason.code(), message, retryAfterMs, SOON_MS);
      case DEADLINE ->
          busy(503, ApiError.SERVER_ERROR, reason.code(), message, retryAfterMs, LATER_MS);
      case RETRY_BUDGET ->
          busy(503, ApiError.SERVER_ERROR, reason.code(), message, retryAfterMs, LATER_MS);
      case NO_CANDIDATE_LEFT ->
          busy(503, ApiError.SERVER_ERROR, reason.code(), message, retryAfterMs, LATER_MS);
    };
  }

  /** What a client is told when its last attempt broke. */
  public static ApiError of(AttemptFailure failure) {
    return switch (failure.kind()) {
      case BAD_REQUEST -> rejected(failure);
      case UNSUPPORTED -> runtime(failure, 400, ApiError.INVALID_REQUEST, null);
      case CONTEXT_LENGTH -> runtime(failure, 400, ApiError.INVALID_REQUEST, null);
      case CONTENT_POLICY -> runtime(failure, 400, ApiError.INVALID_REQUEST, null);
      case RATE_LIMITED -> runtime(failure, 429, ApiError.RATE_LIMIT, SOON_MS);
      case RUNTIME_ERROR, RUNTIME_UNREACHABLE, STREAM_CUT, DIVERGED ->
          runtime(failure, 502, ApiError.SERVER_ERROR, null);
      case STALLED -> runtime(failure, 504, ApiError.SERVER_ERROR, null);
      case LOAD_FAILED, NODE_LOST, NODE_STOPPING ->
          runtime(failure, 503, ApiError.SERVER_ERROR, SOON_MS);
      case SLOW_CLIENT -> runtime(failure, 408, ApiError.INVALID_REQUEST, null);
      case CANCELLED -> runtime(failure, 499, ApiError.INVALID_REQUEST, null);
    };
  }

  /**
   * What a client is told of an exception: its own error if it carries one, a 503 if an answer of
   * the cluster did not come in time, otherwise a 500 that gives nothing away but the request's id.
   */
  public static ApiError of(Throwable failure, String requestId) {
    var cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ApiException expected) {
      return expected.error();
    }
    if (cause instanceof TimeoutException) {
      return ApiError.server(
              503, "cluster_timeout", "the cluster did not answer in time; try again")
          .retryAfter(LATER_MS);
    }
    return ApiError.server(
        500, "internal_error", "internal error; the log has it under request id " + requestId);
  }

  /**
   * Whether {@link #of(Throwable, String)} does not know the exception, so that it must be logged.
   */
  public static boolean unexpected(ApiError error) {
    return error.status() == 500;
  }

  private static ApiError rejected(AttemptFailure failure) {
    var status = failure.status();
    boolean passedOn = status != null && ABOUT_THE_REQUEST.contains(status);
    return runtime(failure, passedOn ? status : 400, ApiError.INVALID_REQUEST, null);
  }

  private static ApiError runtime(
      AttemptFailure failure, int status, String type, @Nullable Long retryMs) {
    var asked = failure.retryAfterMs();
    return new ApiError(
        status,
        type,
        failure.code(),
        failure.message(),
        failure.param(),
        asked == null ? retryMs : asked);
  }

  private static ApiError request(int status, String code, String message, @Nullable String param) {
    return new ApiError(status, ApiError.INVALID_REQUEST, code, message, param, null);
  }

  private static ApiError busy(
      int status, String type, String code, String message, @Nullable Long asked, long otherwise) {
    return new ApiError(status, type, code, message, null, asked == null ? otherwise : asked);
  }
}
