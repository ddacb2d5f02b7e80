package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.api.ApiJson;
import org.brokecluster.coordinator.http.error.ApiError;

/** Makes responses. */
final class Responses {
  private static final int UNAUTHORIZED = 401;
  private static final int CLIENT_CLOSED = 499;

  /** What Prometheus scrapes. */
  static final ContentType METRICS = ContentTypes.parse("text/plain; version=0.0.4; charset=UTF-8");

  private Responses() {}

  /** A record as JSON. */
  static CompletionStage<HttpResponse> ok(Object value) {
    return done(json(200, ApiJson.write(value)));
  }

  /** A finished response. */
  static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }

  /** JSON that is written already, or 404 if there is none. */
  static HttpResponse document(Optional<String> json, String missing) {
    return json.map(Responses::document)
        .orElseGet(() -> error(ApiError.client(404, "not_found", missing)));
  }

  /** JSON that is written already. */
  static HttpResponse document(String json) {
    return json(200, json.getBytes(StandardCharsets.UTF_8));
  }

  /** JSON with a status. */
  static HttpResponse json(int status, byte[] body) {
    return bytes(status, ContentTypes.APPLICATION_JSON, body);
  }

  /** Any bytes with a status. */
  static HttpResponse bytes(int status, ContentType type, byte[] body) {
    return HttpResponse.create()
        .withStatus(status(status))
        .withEntity(HttpEntities.create(type, body));
  }

  /** A text of a type such as {@code text/html}. */
  static HttpResponse page(String mediaType, byte[] body) {
    return bytes(200, ContentTypes.parse(mediaType + "; charset=UTF-8"), body);
  }

  /** An error in OpenAI's shape, with {@code Retry-After} where it has one. */
  static HttpResponse error(ApiError error) {
    var response = json(error.status(), error.json());
    if (error.status() == UNAUTHORIZED) {
      response = response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
    }
    var retry = error.retryAfterSeconds();
    return retry == null
        ? response
        : response.addHeader(RawHeader.create("Retry-After", Long.toString(retry)));
  }

  private static StatusCode status(int status) {
    return status == CLIENT_CLOSED
        ? StatusCodes.custom(CLIENT_CLOSED, "Client Closed Request", "", false, false)
        : StatusCodes.get(status);
  }
}
