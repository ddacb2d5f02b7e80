package org.brokecluster.coordinator.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import org.brokecluster.coordinator.cli.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer as it comes, and how it ended. Takes one line of the event stream after the
 * other; not thread safe.
 */
public final class StreamedAnswer {
  private static final String DATA = "data:";
  private static final String DONE = "[DONE]";
  private static final String MOVED = ": the answer moved";
  private static final String GOES_ON = ": the answer goes on";

  private final Consumer<String> text;
  private @Nullable String model;
  private @Nullable String error;
  private @Nullable String code;
  private @Nullable JsonNode usage;
  private @Nullable JsonNode origin;
  private @Nullable String moved;
  private boolean finished;
  private boolean done;
  private boolean begun;

  /**
   * An answer of which nothing has come.
   *
   * @param text told each piece of the answer
   */
  public StreamedAnswer(Consumer<String> text) {
    this.text = text;
  }

  /**
   * Takes the next line; most comments and empty lines are signs of life only.
   *
   * @return whether it brought something the model made: of the answer or of the thoughts before it
   */
  public boolean accept(String line) {
    if (line.startsWith(MOVED) || line.startsWith(GOES_ON)) {
      moved = line.substring(": ".length());
    }
    if (!line.startsWith(DATA)) {
      return false;
    }
    var data = line.substring(DATA.length()).strip();
    if (data.equals(DONE)) {
      done = true;
      return false;
    }
    try {
      return event(Json.parse(data));
    } catch (JsonProcessingException e) {
      error = "an event of the stream is not JSON";
      return false;
    }
  }

  private boolean event(JsonNode event) {
    Json.find(event, "error").ifPresent(this::failed);
    Json.find(event, "model").ifPresent(name -> model = name.asText());
    Json.find(event, "usage").ifPresent(counts -> usage = counts);
    Json.find(event, "broke").ifPresent(extras -> origin = extras);
    boolean brought = false;
    for (var choice : Json.list(event.path("choices"))) {
      var piece = choice.path("delta").path("content").asText("");
      if (!piece.isEmpty()) {
        text.accept(piece);
      }
      brought |= !piece.isEmpty() || Json.find(choice, "delta.reasoning_content").isPresent();
      finished |= choice.path("finish_reason").isTextual();
    }
    begun |= brought;
    return brought;
  }

  private void failed(JsonNode failure) {
    error = Json.text(failure, "message");
    code = Json.text(failure, "code");
  }

  /** The connection broke, or the request was refused; harmless after the end of the answer. */
  public void broke(String why) {
    if (!done && error == null) {
      error = why;
    }
  }

  /** Why the answer is not whole, or null if it is. */
  public @Nullable String failure() {
    if (error != null) {
      return error;
    }
    return done && finished ? null : "the stream ended before the answer did";
  }

  /** Whether anything the model made has come. */
  public boolean begun() {
    return begun;
  }

  /** The code of the failure that the stream told, or null. */
  public @Nullable String code() {
    return code;
  }

  /** The model that answers, or null as long as nothing came. */
  public @Nullable String model() {
    return model;
  }

  /** What the end of the answer says of who gave it, or null if it says nothing. */
  public @Nullable JsonNode origin() {
    return origin;
  }

  /** Who gave the rest of an answer that moved, as the last comment says; null if none did. */
  public @Nullable String moved() {
    return moved;
  }

  /** Token counts, or null if none came. */
  public @Nullable JsonNode usage() {
    return usage;
  }
}
