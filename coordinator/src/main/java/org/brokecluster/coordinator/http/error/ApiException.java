package org.brokecluster.coordinator.http.error;

/** Carries an {@link ApiError} out of nested code; has no stack trace, because it is an answer. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  /** With the error the client is to see. */
  public ApiException(ApiError error) {
    super(error.code(), null, false, false);
    this.error = error;
  }

  /** A 400 over a value of one field, parameter or header; {@code what} goes behind its name. */
  public static ApiException invalid(String param, String what) {
    return new ApiException(ApiError.invalid(param, "invalid_value", param + " " + what));
  }

  /** What the client is to see. */
  public ApiError error() {
    return error;
  }
}
