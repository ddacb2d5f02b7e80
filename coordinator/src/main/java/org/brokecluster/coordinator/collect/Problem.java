package org.brokecluster.coordinator.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A kept text as a line of a data set: the fields of a MultiPL-E problem, so that its tools can
 * read it, and {@code broke_metadata} with what this cluster knows of it. Figures that nobody knows
 * are left out. Pure.
 */
public final class Problem {
  /** What an imported problem is kept under. */
  static final String PROBLEM = "problem";

  /** The name of an exported line begins with it; the id of the request follows. */
  static final String NAME_BEFORE_ID = "broke_";

  private static final String METADATA = "broke_metadata";
  private static final String MESSAGES = "messages";
  private static final double MILLIS = 1000;

  private Problem() {}

  /**
   * What stands beside a text.
   *
   * @param id of the request, or of the problem
   * @param at when it was said, in milliseconds since 1970
   * @param source label of a {@link TextSource}
   * @param who opaque id of the person, or null
   * @param rating 1 to 5, or null
   * @param note {@code reason} and {@code tests}, or null
   */
  public record Facts(
      String id,
      long at,
      String source,
      @Nullable String who,
      @Nullable Integer rating,
      @Nullable JsonNode note) {}

  /** The line; nothing is redacted yet. */
  public static ObjectNode line(Facts facts, ObjectNode text) {
    return text.path(PROBLEM) instanceof ObjectNode problem
        ? imported(facts, problem)
        : answered(facts, text);
  }

  private static ObjectNode imported(Facts facts, ObjectNode problem) {
    var line = problem.deepCopy();
    var metadata = line.withObject("/" + METADATA);
    metadata.put("source", facts.source());
    metadata.put("at", Instant.ofEpochMilli(facts.at()).toString());
    return line;
  }

  private static ObjectNode answered(Facts facts, ObjectNode text) {
    var line = JsonNodeFactory.instance.objectNode();
    line.put("name", NAME_BEFORE_ID + facts.id());
    line.put("language", language(text));
    line.put("prompt", prompt(text));
    line.put("doctests", "keep");
    line.put("original", facts.id());
    line.put("prompt_terminology", "verbatim");
    line.put("tests", note(facts, "tests").orElse(""));
    line.putArray("stop_tokens");
    line.set(METADATA, metadata(facts, text));
    return line;
  }

  private static ObjectNode metadata(Facts facts, ObjectNode text) {
    var to = JsonNodeFactory.instance.objectNode();
    to.put("source", facts.source());
    copy(text, "model", to, "model_used");
    copy(text, "quality", to, "quality_temperature");
    put(to, "user_rating", facts.rating());
    seconds(text, "total_ms", to, "response_time_seconds");
    copy(text, "strategy", to, "routing_method");
    copy(text, "dimensions", to, "dimensions");
    to.put("request", facts.id());
    to.put("at", Instant.ofEpochMilli(facts.at()).toString());
    if (facts.who() != null) {
      to.put("who", facts.who());
    }
    for (var name : new String[] {"role", "action", "framework", "tier", "node", "asked", "api"}) {
      copy(text, name, to, name);
    }
    copy(text, "quality_basis", to, "quality_basis");
    seconds(text, "first_ms", to, "first_token_seconds");
    copy(text, "prompt_tokens", to, "prompt_tokens");
    copy(text, "completion_tokens", to, "completion_tokens");
    copy(text, "finish", to, "finish_reason");
    copy(text, "answer", to, "answer");
    copy(text, "reasoning", to, "reasoning");
    copy(text, "tool_calls", to, "tool_calls");
    if (text.path(MESSAGES).size() > 1) {
      to.set(MESSAGES, text.path(MESSAGES));
    }
    note(facts, "reason").ifPresent(reason -> to.put("rating_reason", reason));
    copy(text, "cut", to, "cut");
    return to;
  }

  /** What the user said last; the whole conversation is in the metadata. */
  private static String prompt(ObjectNode text) {
    var messages = text.path(MESSAGES);
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.path(i).path("role").asText().equals("user")) {
        return messages.path(i).path("content").asText();
      }
    }
    return messages.isEmpty()
        ? text.path("prompt").asText()
        : messages.path(messages.size() - 1).path("content").asText();
  }

  private static String language(ObjectNode text) {
    var ofAnswer = CodeLanguage.of(text.path("answer").asText());
    return ofAnswer.equals(CodeLanguage.NONE) ? CodeLanguage.of(prompt(text)) : ofAnswer;
  }

  private static Optional<String> note(Facts facts, String name) {
    var note = facts.note();
    return note == null ? Optional.empty() : Optional.ofNullable(note.path(name).textValue());
  }

  private static void put(ObjectNode to, String name, @Nullable Integer value) {
    if (value != null) {
      to.put(name, value);
    }
  }

  private static void copy(ObjectNode from, String name, ObjectNode to, String as) {
    if (from.hasNonNull(name)) {
      to.set(as, from.get(name));
    }
  }

  private static void seconds(ObjectNode from, String name, ObjectNode to, String as) {
    if (from.path(name).isNumber()) {
      to.put(as, from.path(name).asLong() / MILLIS);
    }
  }
}
