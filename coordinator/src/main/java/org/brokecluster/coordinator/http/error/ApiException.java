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

  /** What the client is to see. */
  public ApiError error() {
    return error;
  }
}
