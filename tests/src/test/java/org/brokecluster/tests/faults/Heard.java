package org.brokecluster.tests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.Sse;

/**
 * What a caller got.
 *
 * @param id the request's id
 * @param text content of the answer, as far as it came
 * @param model the {@code model} field
 * @param finishes finish reasons, one in a good answer
 * @param closed whether it ended in good order: {@code [DONE]} in a stream
 * @param error code of the error, in a body or an event; empty for none
 * @param tokens {@code usage.completion_tokens}, negative if there is no usage
 * @param took from the call to its end
 * @param raw everything as it came, to find what must not be in it
 */
record Heard(
    String id,
    int status,
    String text,
    String model,
    List<String> finishes,
    boolean closed,
    String error,
    String message,
    int tokens,
    Duration took,
    String raw) {

  /** Calls a model, with another one to fall back on, and hears all of it. */
  static Heard call(
      BrokeClient edge, String model, String spare, boolean stream, LongSupplier nanos) {
    var body =
        BrokeClient.chat(model, "Tell me the story", stream, 400)
            .replaceFirst("\\{", "{\"fallbacks\":[\"" + spare + "\"],");
    long start = nanos.getAsLong();
    if (!stream) {
      var response = edge.post("/v1/chat/completions", body);
      var json = BrokeClient.parse(response.body());
      return whole(id(response.headers()), response.statusCode(), json, since(start, nanos));
    }
    var response = edge.stream("/v1/chat/completions", body);
    if (response.statusCode() != 200) {
      var json = BrokeClient.parse(String.join("\n", response.body().toList()));
      return whole(id(response.headers()), response.statusCode(), json, since(start, nanos));
    }
    var sse = Sse.read(response.body());
    return streamed(id(response.headers()), sse, since(start, nanos));
  }

  private static String id(HttpHeaders headers) {
    return headers.firstValue("x-request-id").orElse("");
  }

  private static Heard whole(String id, int status, JsonNode json, Duration took) {
    var finish = json.at("/choices/0/finish_reason").asText("");
    return new Heard(
        id,
        status,
        json.at("/choices/0/message/content").asText(""),
        json.path("model").asText(""),
        finish.isEmpty() ? List.of() : List.of(finish),
        status == 200,
        json.at("/error/code").asText(""),
        json.at("/error/message").asText(""),
        json.at("/usage/completion_tokens").asInt(-1),
        took,
        json.toString());
  }

  private static Heard streamed(String id, Sse sse, Duration took) {
    var error = sse.errors().isEmpty() ? null : sse.errors().get(0);
    int tokens = -1;
    var model = "";
    for (var event : sse.events()) {
      tokens = event.at("/usage/completion_tokens").asInt(tokens);
      model = event.path("model").asText(model);
    }
    return new Heard(
        id,
        200,
        sse.text(),
        model,
        sse.finishReasons(),
        sse.done(),
        error == null ? "" : error.at("/error/code").asText(""),
        error == null ? "" : error.at("/error/message").asText(""),
        tokens,
        took,
        sse.events().toString());
  }

  private static Duration since(long start, LongSupplier nanos) {
    return Duration.ofNanos(nanos.getAsLong() - start);
  }

  /** Whether it is the whole answer in good order. */
  boolean complete() {
    return status == 200
        && text.equals(Story.text())
        && finishes.equals(List.of("stop"))
        && closed
        && error.isEmpty();
  }

  /** Whether it is a clean error, that cannot be taken for an answer. */
  boolean cleanError() {
    return !error.isEmpty() && finishes.isEmpty() && (status != 200 || !closed);
  }

  /** In a few words. */
  String brief() {
    var what = complete() ? "whole" : error.isEmpty() ? "DAMAGED " + text.length() : error;
    return "%d %s by %s after %.2f s".formatted(status, what, model, took.toMillis() / 1000.0);
  }
}
