package org.brokecluster.coordinator.cli.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.brokecluster.coordinator.cli.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * Times one streamed answer by its events, as its client sees it. Takes one line after the other;
 * not thread safe.
 */
final class BenchStream {
  private static final String DATA = "data:";
  private static final double NANOS = 1e9;

  private final long startedNanos;
  private long firstNanos = -1;
  private long lastNanos = -1;
  private OptionalLong promptTokens = OptionalLong.empty();
  private OptionalLong tokens = OptionalLong.empty();
  private boolean done;
  private @Nullable String error;

  BenchStream(long startedNanos) {
    this.startedNanos = startedNanos;
  }

  /** Takes a line of the event stream that came at this time. */
  void accept(String line, long nanos) {
    if (!line.startsWith(DATA)) {
      return;
    }
    var data = line.substring(DATA.length()).strip();
    if (data.equals("[DONE]")) {
      done = true;
      return;
    }
    try {
      event(Json.parse(data), nanos);
    } catch (JsonProcessingException e) {
      error = "an event of the stream is not JSON";
    }
  }

  private void event(JsonNode event, long nanos) {
    Json.find(event, "error").ifPresent(e -> error = Json.text(e, "message"));
    if (Json.find(event, "usage").isPresent()) {
      promptTokens = Json.number(event, "usage.prompt_tokens");
      tokens = Json.number(event, "usage.completion_tokens");
    }
    for (var choice : Json.list(event.path("choices"))) {
      var delta = choice.path("delta");
      boolean text =
          Json.find(delta, "content").filter(t -> !t.asText().isEmpty()).isPresent()
              || Json.find(delta, "reasoning_content").isPresent();
      if (text) {
        firstNanos = firstNanos < 0 ? nanos : firstNanos;
        lastNanos = nanos;
      }
    }
  }

  /** The stream broke. */
  void broke(String why) {
    error = why;
  }

  /** Why it tells nothing, or null if it does. */
  @Nullable String failure() {
    if (error != null) {
      return error;
    }
    if (!done || firstNanos < 0) {
      return "the stream ended before the answer did";
    }
    return tokens.isEmpty() ? "the answer tells no number of tokens" : null;
  }

  /** Milliseconds to the first token. */
  OptionalLong firstTokenMs() {
    return firstNanos < 0
        ? OptionalLong.empty()
        : OptionalLong.of((firstNanos - startedNanos) / 1_000_000);
  }

  /** Prompt tokens read a second, the way to the node and back included. */
  OptionalDouble prefill() {
    return promptTokens.isPresent() && firstNanos > startedNanos
        ? OptionalDouble.of(promptTokens.getAsLong() * NANOS / (firstNanos - startedNanos))
        : OptionalDouble.empty();
  }

  /** Tokens made a second after the first one. */
  OptionalDouble decode() {
    return tokens.isPresent() && tokens.getAsLong() > 1 && lastNanos > firstNanos
        ? OptionalDouble.of((tokens.getAsLong() - 1) * NANOS / (lastNanos - firstNanos))
        : OptionalDouble.empty();
  }

  /** Tokens of the answer. */
  long tokens() {
    return tokens.orElse(0);
  }

  /** Tokens of the prompt as the runtime counts them. */
  OptionalLong promptTokens() {
    return promptTokens;
  }
}
