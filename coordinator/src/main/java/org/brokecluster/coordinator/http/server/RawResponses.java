package org.brokecluster.coordinator.http.server;

import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import org.brokecluster.coordinator.http.error.ApiError;

/** Whole responses for moments when no HTTP layer can make one. */
final class RawResponses {
  static final ByteString REQUEST_TIMEOUT =
      response(
          "408 Request Timeout",
          ApiError.client(408, "request_timeout", "the request's headers took too long to arrive"));

  static final ByteString TOO_MANY_CONNECTIONS =
      response(
          "503 Service Unavailable",
          ApiError.server(
                  503,
                  "too_many_connections",
                  "this edge serves as many connections as broke.http.max-connections allows")
              .retryAfter(1_000));

  private RawResponses() {}

  private static ByteString response(String status, ApiError error) {
    var body = new String(error.json(), StandardCharsets.UTF_8);
    var retry = error.retryAfterSeconds();
    return ByteString.fromString(
        "HTTP/1.1 "
            + status
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + (retry == null ? "" : "\r\nRetry-After: " + retry)
            + "\r\nConnection: close\r\n\r\n"
            + body);
  }
}
