package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.brokecluster.shared.cli.VerbException;

/**
 * Talks to the HTTP edge of a running host. Whatever goes wrong ends the verb with a message that
 * says what was tried and what to do. Blocks the caller.
 */
final class EdgeClient {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  private final String base;
  private final Optional<String> key;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .build();

  EdgeClient(String base, Optional<String> key) {
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    this.key = key;
  }

  String base() {
    return base;
  }

  JsonNode get(String path) {
    return json(request(path).timeout(ANSWER_MAX).GET());
  }

  JsonNode post(String path, JsonNode body) {
    return json(withBody(path, "POST", body, Map.of()).timeout(ANSWER_MAX));
  }

  JsonNode put(String path, JsonNode body) {
    return json(withBody(path, "PUT", body, Map.of()).timeout(ANSWER_MAX));
  }

  /** An answer that takes as long as it takes. */
  HttpResponse<String> ask(String path, JsonNode body, Map<String, String> headers) {
    var response = send(withBody(path, "POST", body, headers), BodyHandlers.ofString());
    refuseError(response.statusCode(), response.body());
    return response;
  }

  /** An answer line by line, as it is made. */
  HttpResponse<Stream<String>> stream(String path, JsonNode body, Map<String, String> headers) {
    var response = send(withBody(path, "POST", body, headers), BodyHandlers.ofLines());
    if (response.statusCode() >= 300) {
      refuseError(response.statusCode(), String.join("\n", response.body().toList()));
    }
    return response;
  }

  /** Status of a path, or nothing if nobody answers. */
  Optional<Integer> status(String path) {
    try {
      var request = request(path).timeout(CONNECT_MAX).GET().build();
      return Optional.of(http.send(request, BodyHandlers.discarding()).statusCode());
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private JsonNode json(HttpRequest.Builder request) {
    var response = send(request, BodyHandlers.ofString());
    refuseError(response.statusCode(), response.body());
    try {
      return Json.parse(response.body());
    } catch (JsonProcessingException e) {
      throw VerbException.failed(
          response.uri()
              + " answered with something that is not JSON: is this a BROKE host? Say where one"
              + " is with --port or --url");
    }
  }

  private HttpRequest.Builder request(String path) {
    try {
      var request = HttpRequest.newBuilder(URI.create(base + path));
      key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
      return request;
    } catch (IllegalArgumentException e) {
      throw VerbException.misuse("not a usable address: " + base + " (" + e.getMessage() + ")");
    }
  }

  private HttpRequest.Builder withBody(
      String path, String method, JsonNode body, Map<String, String> headers) {
    var request = request(path).header("Content-Type", "application/json");
    headers.forEach(request::header);
    return request.method(method, BodyPublishers.ofString(body.toString()));
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
    try {
      return http.send(request.build(), body);
    } catch (ConnectException e) {
      throw VerbException.failed(
          "nothing answers at "
              + base
              + ". Start a cluster here with ./broke demo or ./broke up, or say where one is with"
              + " --port, --url or --data-dir");
    } catch (IOException e) {
      throw VerbException.failed(
          base + " did not answer properly: " + e + ". For a check of everything: ./broke doctor");
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static VerbException interrupted() {
    Thread.currentThread().interrupt();
    return VerbException.failed("interrupted");
  }

  private void refuseError(int status, String body) {
    if (status < 300) {
      return;
    }
    var message = body.isBlank() ? "HTTP " + status : body.strip();
    try {
      var error = Json.find(Json.parse(body), "error.message");
      message = error.map(JsonNode::asText).orElse(message);
    } catch (JsonProcessingException e) {
      // Not in the usual shape: the text itself is all there is.
      message = message.length() > 300 ? message.substring(0, 300) + "…" : message;
    }
    throw VerbException.failed(message + " (HTTP " + status + " from " + base + ")");
  }
}
