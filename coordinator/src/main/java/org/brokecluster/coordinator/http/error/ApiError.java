package org.brokecluster.coordinator.http.error;

import org.brokecluster.coordinator.http.json.JsonBytes;
import org.jspecify.annotations.Nullable;

/**
 * An error as a client sees it, in OpenAI's shape.
 *
 * @param status HTTP status, 400 to 599; not shown where a stream has started already
 * @param type class of the error, such as {@code invalid_request_error}
 * @param code short code for programs, such as {@code model_not_found}
 * @param message for people: what happened, where, what to do next; free of the client's text
 * @param param field or header at fault, if one is
 * @param retryAfterMs when trying again makes sense, in milliseconds from now, if it does
 */
public record ApiError(
    int status,
    String type,
    String code,
    String message,
    @Nullable String param,
    @Nullable Long retryAfterMs) {
  /** Type of an error that the request itself causes. */
  public static final String INVALID_REQUEST = "invalid_request_error";

  /** Type of an error of the cluster. */
  public static final String SERVER_ERROR = "server_error";

  /** Type of an error that patience mends. */
  public static final String RATE_LIMIT = "rate_limit_error";

  /** Type of a missing or wrong key. */
  public static final String AUTHENTICATION = "authentication_error";

  /** Type of a call that is understood but not allowed. */
  public static final String PERMISSION = "permission_error";

  /** What nobody hears any more, but logs and counters. */
  public static final ApiError CLIENT_GONE = client(499, "client_gone", "the client is gone");

  /** A 400 that blames one field or header. */
  public static ApiError invalid(String param, String code, String message) {
    return new ApiError(400, INVALID_REQUEST, code, message, param, null);
  }

  /** A 400 without a field to blame. */
  public static ApiError invalid(String code, String message) {
    return new ApiError(400, INVALID_REQUEST, code, message, null, null);
  }

  /** An error of the client with another status than 400. */
  public static ApiError client(int status, String code, String message) {
    return new ApiError(status, INVALID_REQUEST, code, message, null, null);
  }

  /** An error of the cluster. */
  public static ApiError server(int status, String code, String message) {
    return new ApiError(status, SERVER_ERROR, code, message, null, null);
  }

  /** The same error with advice when to try again. */
  public ApiError retryAfter(long milliseconds) {
    return new ApiError(status, type, code, message, param, milliseconds);
  }

  /** Whole seconds for {@code Retry-After}, at least 1, or null. */
  public @Nullable Long retryAfterSeconds() {
    return retryAfterMs == null ? null : Math.max(1, (retryAfterMs + 999) / 1000);
  }

  /** Writes {@code {"error":{…}}}. */
  public void write(JsonBytes out) {
    out.raw("{\"error\":{\"message\":").string(message);
    out.raw(",\"type\":").string(type);
    out.raw(",\"param\":").string(param);
    out.raw(",\"code\":").string(code);
    out.raw("}}");
  }

  /** The body of an error answer. */
  public byte[] json() {
    var out = new JsonBytes(128 + message.length());
    write(out);
    return out.toBytes();
  }
}
