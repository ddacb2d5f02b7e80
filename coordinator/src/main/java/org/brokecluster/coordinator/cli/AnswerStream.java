package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * Prints a streamed answer as it comes and remembers how it ended. Takes one line of the event
 * stream after the other; not thread safe.
 */
final class AnswerStream {
  private static final String MOVED = ": the answer moved";
  private static final String GOES_ON = ": the answer goes on";
  private static final String DATA = "data:";
  private static final String DONE = "[DONE]";

  private final PrintWriter out;
  private @Nullable String model;
  private @Nullable String finishReason;
  private @Nullable String error;
  private @Nullable JsonNode usage;
  private boolean done;
  private @Nullable String moved;

  AnswerStream(PrintWriter out) {
    this.out = out;
  }

  /** Takes the next line; most comments and empty lines are signs of life only. */
  void accept(String line) {
    if (line.startsWith(MOVED) || line.startsWith(GOES_ON)) {
      moved = line.substring(": ".length());
    }
    if (!line.startsWith(DATA)) {
      return;
    }
    var data = line.substring(DATA.length()).strip();
    if (data.equals(DONE)) {
      done = true;
      return;
    }
    try {
      event(Json.parse(data));
    } catch (JsonProcessingException e) {
      error = "an event of the stream is not JSON";
    }
  }

  private void event(JsonNode event) {
    Json.find(event, "error").ifPresent(e -> error = Json.text(e, "message"));
    Json.find(event, "model").ifPresent(name -> model = name.asText());
    Json.find(event, "usage").ifPresent(counts -> usage = counts);
    for (var choice : Json.list(event.path("choices"))) {
      Json.find(choice, "delta.content", "message.content").ifPresent(this::print);
      Json.find(choice, "finish_reason").ifPresent(reason -> finishReason = reason.asText());
    }
  }

  private void print(JsonNode text) {
    out.print(text.asText());
    out.flush();
  }

  /** The connection broke; harmless after the end of the answer. */
  void broke(IOException e) {
    if (!done && error == null) {
      error = "the connection broke (" + e.getMessage() + ")";
    }
  }

  /** Why the answer is not whole, or null if it is. */
  @Nullable String brokenBecause() {
    if (error != null) {
      return error;
    }
    return done && finishReason != null ? null : "the stream ended before the answer did";
  }

  /** Who gave the rest of an answer that moved, as the last comment says; null if none did. */
  @Nullable String moved() {
    return moved;
  }

  /** The model that answers, or null as long as nothing came. */
  @Nullable String model() {
    return model;
  }

  @Nullable String finishReason() {
    return finishReason;
  }

  /** Token counts, or null if none came. */
  @Nullable JsonNode usage() {
    return usage;
  }
}
