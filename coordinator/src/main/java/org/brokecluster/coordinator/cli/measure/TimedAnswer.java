package org.brokecluster.coordinator.cli.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.brokecluster.coordinator.cli.client.StreamedAnswer;
import org.brokecluster.coordinator.cli.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer as its client sees it: when its tokens came, and what became of it. Takes one
 * line of the stream after the other; not thread safe.
 */
final class TimedAnswer {
  private static final String GOES_ON = "the answer goes on";
  private static final long NANOS_PER_MS = 1_000_000;
  private static final double NANOS_PER_S = 1e9;

  private final StreamedAnswer answer = new StreamedAnswer(text -> {});
  private final long startedNanos;
  private String node = "";
  private int attempts;
  private long firstNanos = -1;
  private long lastNanos;
  private long endedNanos;
  private long silenceNanos;
  private boolean rescued;

  /** Of a request that was sent at this time. */
  TimedAnswer(long startedNanos) {
    this.startedNanos = startedNanos;
    this.endedNanos = startedNanos;
  }

  /**
   * Its headers have come.
   *
   * @param beginner machine that begins with the answer, empty if they do not say
   * @param made attempts made so far, 0 if they do not say
   */
  void begins(String beginner, int made) {
    node = beginner;
    attempts = made;
  }

  /** Takes a line that came at this time. */
  void accept(String line, long nanos) {
    endedNanos = nanos;
    rescued |= line.startsWith(":") && line.contains(GOES_ON);
    if (answer.accept(line)) {
      if (firstNanos < 0) {
        firstNanos = nanos;
      } else {
        silenceNanos = Math.max(silenceNanos, nanos - lastNanos);
      }
      lastNanos = nanos;
    }
  }

  /** It broke, or was refused. */
  void broke(String why, long nanos) {
    answer.broke(why);
    endedNanos = nanos;
  }

  /** Whether the whole answer came, in good order. */
  boolean answered() {
    return answer.failure() == null;
  }

  /** Why it failed, or null. */
  @Nullable String failure() {
    return answer.failure();
  }

  /** Whether the answer broke off and went on elsewhere. */
  boolean rescued() {
    return rescued;
  }

  /** Whether this machine began with it, as far as that is known. */
  boolean begunBy(String machine) {
    return beginner().equals(machine);
  }

  /** Its end names the one that finished, which began too unless the answer went on elsewhere. */
  private String beginner() {
    var end = answer.origin();
    return !node.isEmpty() || end == null || wentOn() ? node : Json.text(end, "node");
  }

  /** Whether another attempt was needed before the first token. */
  boolean retried() {
    var end = answer.origin();
    return attempts > 1 || (end != null && !wentOn() && Json.number(end, "attempts").orElse(0) > 1);
  }

  private boolean wentOn() {
    return rescued || answer.moved() != null;
  }

  /** Milliseconds to the first token. */
  OptionalLong firstTokenMs() {
    return firstNanos < 0
        ? OptionalLong.empty()
        : OptionalLong.of((firstNanos - startedNanos) / NANOS_PER_MS);
  }

  /** Longest wait between two tokens, in milliseconds. */
  long silenceMs() {
    return silenceNanos / NANOS_PER_MS;
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

  /** Tokens of the prompt as the runtime counts them. */
  OptionalLong promptTokens() {
    return counted("prompt_tokens");
  }

  /** Tokens of the answer as the runtime counts them. */
  OptionalLong tokens() {
    return counted("completion_tokens");
  }

  private OptionalLong counted(String what) {
    var usage = answer.usage();
    return usage == null ? OptionalLong.empty() : Json.number(usage, what);
  }

  /** Prompt tokens read a second, the way to the node and back included. */
  OptionalDouble prefill() {
    return promptTokens().isPresent() && firstNanos > startedNanos
        ? OptionalDouble.of(promptTokens().getAsLong() * NANOS_PER_S / (firstNanos - startedNanos))
        : OptionalDouble.empty();
  }

  /** Tokens made a second after the first one. */
  OptionalDouble decode() {
    return tokens().orElse(0) > 1 && lastNanos > firstNanos
        ? OptionalDouble.of((tokens().getAsLong() - 1) * NANOS_PER_S / (lastNanos - firstNanos))
        : OptionalDouble.empty();
  }

  ObjectNode json() {
    var json = Json.object().put("node", beginner()).put("answered", answered());
    json.put("rescued", rescued).put("retried", retried()).put("tookMs", tookMs());
    json.put("longestSilenceMs", silenceMs());
    firstTokenMs().ifPresent(ms -> json.put("firstTokenMs", ms));
    var why = failure();
    return why == null ? json : json.put("failure", why);
  }
}
