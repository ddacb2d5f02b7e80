package org.brokecluster.coordinator.cli.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.brokecluster.coordinator.cli.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * What one request of a drill experiences, as its client sees it: takes one line of the stream
 * after the other. Not thread safe.
 */
final class DrillStory {
  private static final String DATA = "data:";
  private static final String GOES_ON = "the answer goes on";
  private static final long NANOS_PER_MS = 1_000_000;

  private final long startedNanos;
  private final String node;
  private final int attempts;
  private long lastNanos;
  private long endedNanos;
  private long firstTokenMs = -1;
  private long silenceMs;
  private boolean rescued;
  private boolean finished;
  private boolean done;
  private @Nullable String error;

  /**
   * A request whose headers have come.
   *
   * @param startedNanos when it was sent
   * @param node machine that began with the answer, empty if the headers did not say
   * @param attempts attempts that were made before the headers came, at least 1 if known
   */
  DrillStory(long startedNanos, String node, int attempts) {
    this.startedNanos = startedNanos;
    this.node = node;
    this.attempts = attempts;
    this.lastNanos = startedNanos;
    this.endedNanos = startedNanos;
  }

  /** Takes a line that came at this time. */
  void accept(String line, long nanos) {
    endedNanos = nanos;
    if (line.startsWith(":")) {
      rescued |= line.contains(GOES_ON);
    } else if (line.startsWith(DATA)) {
      var data = line.substring(DATA.length()).strip();
      if (data.equals("[DONE]")) {
        done = true;
      } else {
        event(data, nanos);
      }
    }
  }

  private void event(String data, long nanos) {
    JsonNode event;
    try {
      event = Json.parse(data);
    } catch (JsonProcessingException e) {
      error = "an event of the stream is not JSON";
      return;
    }
    Json.find(event, "error").ifPresent(e -> error = Json.text(e, "message"));
    for (var choice : Json.list(event.path("choices"))) {
      if (!choice.path("delta").path("content").asText("").isEmpty()) {
        token(nanos);
      }
      finished |= choice.path("finish_reason").isTextual();
    }
  }

  private void token(long nanos) {
    if (firstTokenMs < 0) {
      firstTokenMs = (nanos - startedNanos) / NANOS_PER_MS;
    } else {
      silenceMs = Math.max(silenceMs, (nanos - lastNanos) / NANOS_PER_MS);
    }
    lastNanos = nanos;
  }

  /** It broke, or was refused. */
  void broke(String why, long nanos) {
    error = why;
    endedNanos = nanos;
  }

  /** Whether the whole answer came, in good order. */
  boolean answered() {
    return error == null && done && finished;
  }

  /** Whether the answer broke off and went on elsewhere. */
  boolean rescued() {
    return rescued;
  }

  /** Whether another attempt was needed before the first token. */
  boolean retried() {
    return attempts > 1;
  }

  /** Why it failed, or null. */
  @Nullable String failure() {
    return answered() ? null : error == null ? "the stream ended before the answer did" : error;
  }

  /** Longest wait between two tokens, in milliseconds. */
  long silenceMs() {
    return silenceMs;
  }

  /** From the call to the last byte, in milliseconds. */
  long tookMs() {
    return (endedNanos - startedNanos) / NANOS_PER_MS;
  }

  /** Whether it was under way at some time from {@code from} to {@code to}. */
  boolean overlaps(long from, long to) {
    return startedNanos < to && endedNanos > from;
  }

  /** Whether it had ended by then. */
  boolean endedBy(long nanos) {
    return endedNanos <= nanos;
  }

  ObjectNode json() {
    var json = Json.object().put("node", node).put("answered", answered());
    json.put("rescued", rescued).put("retried", retried()).put("tookMs", tookMs());
    json.put("longestSilenceMs", silenceMs);
    if (firstTokenMs >= 0) {
      json.put("firstTokenMs", firstTokenMs);
    }
    var why = failure();
    return why == null ? json : json.put("failure", why);
  }
}
