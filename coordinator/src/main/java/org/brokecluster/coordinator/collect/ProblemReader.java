package org.brokecluster.coordinator.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks problems that somebody brings: hand-made ones, those of MultiPL-E, its benchmark runs
 * (with {@code completions} and {@code results}), and what a cluster has exported. Pure.
 */
public final class ProblemReader {
  /** Characters that any one text of a problem may have. */
  public static final int TEXT_MAX = 200_000;

  private static final int NAME_MAX = 200;
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9+#_.-]{1,32}");
  private static final Pattern REQUEST = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int RATING_MAX = 5;
  private static final int LIST_MAX = 1_000;
  private static final int ID_BYTES = 16;
  private static final String METADATA = "broke_metadata";

  /** What is wrong with a problem; names the field. */
  public static final class ProblemException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With what is wrong. */
    public ProblemException(String message) {
      super(message);
    }
  }

  /**
   * A problem that can be kept.
   *
   * @param id made from name, language and prompt, so that the same is kept once; of what a cluster
   *     has exported the id of the request, so that its own export adds nothing to it
   * @param source where it came from
   * @param text what is kept
   */
  public record Read(String id, TextSource source, ObjectNode text) {
    @Override
    public String toString() {
      return "Read[" + id + " " + source.label() + "]";
    }
  }

  /**
   * Reads one.
   *
   * @param fallback where it came from, if it does not say
   * @throws ProblemException if it is none
   */
  public Read read(JsonNode json, TextSource fallback) throws ProblemException {
    if (!(json instanceof ObjectNode line)) {
      throw new ProblemException("must be a JSON object with name, language and prompt");
    }
    var problem = JsonNodeFactory.instance.objectNode();
    var name = required(line, "name", NAME_MAX);
    var language = required(line, "language", NAME_MAX);
    if (!LANGUAGE.matcher(language).matches()) {
      throw new ProblemException("language must be a short name such as py, java or text");
    }
    var prompt = required(line, "prompt", TEXT_MAX);
    problem.put("name", name).put("language", language).put("prompt", prompt);
    problem.put("doctests", optional(line, "doctests", "keep"));
    problem.put("original", optional(line, "original", name));
    problem.put("prompt_terminology", optional(line, "prompt_terminology", "verbatim"));
    problem.put("tests", optional(line, "tests", ""));
    problem.set("stop_tokens", texts(line, "stop_tokens"));
    var metadata = metadata(line);
    runs(line, metadata);
    var source = source(metadata, fallback);
    if (!metadata.isEmpty()) {
      problem.set(METADATA, metadata);
    }
    var text = JsonNodeFactory.instance.objectNode();
    text.set(Problem.PROBLEM, problem);
    var exported = exportedId(name, metadata);
    return new Read(exported == null ? id(name, language, prompt) : exported, source, text);
  }

  private static ObjectNode metadata(ObjectNode line) throws ProblemException {
    var given = line.path(METADATA);
    if (given.isMissingNode() || given.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!(given instanceof ObjectNode object)) {
      throw new ProblemException(METADATA + " must be an object");
    }
    number(object, "user_rating", 1, RATING_MAX);
    number(object, "quality_temperature", 0, 1);
    number(object, "response_time_seconds", 0, Double.MAX_VALUE);
    for (var name : List.of("model_used", "routing_method", "role", "tier", "answer")) {
      optional(object, name, "");
    }
    if (object.toString().length() > 3L * TEXT_MAX) {
      throw new ProblemException(METADATA + " is too large");
    }
    return object.deepCopy();
  }

  /** What a benchmark run adds: answers, and whether they passed. */
  private static void runs(ObjectNode line, ObjectNode metadata) throws ProblemException {
    var completions = texts(line, "completions");
    if (!completions.isEmpty()) {
      metadata.put("completions", completions.size());
      if (!metadata.hasNonNull("answer")) {
        metadata.set("answer", completions.get(0));
      }
    }
    var results = line.path("results");
    if (results.isArray() && !results.isEmpty()) {
      int passed = 0;
      for (var result : results) {
        passed += result.path("status").asText().equals("OK") ? 1 : 0;
      }
      metadata.put("passed", passed).put("tries", results.size());
    } else if (!results.isMissingNode() && !results.isArray()) {
      throw new ProblemException("results must be a list");
    }
  }

  private static TextSource source(ObjectNode metadata, TextSource fallback)
      throws ProblemException {
    var label = optional(metadata, "source", fallback.label());
    return TextSource.parse(label)
        .orElseThrow(
            () ->
                new ProblemException(
                    METADATA + ".source must be page, api, agent, bench or hand, is " + label));
  }

  private static String required(ObjectNode line, String name, int max) throws ProblemException {
    var text = text(line, name, max);
    if (text == null || text.isBlank()) {
      throw new ProblemException(name + " is missing");
    }
    return text;
  }

  private static String optional(ObjectNode line, String name, String absent)
      throws ProblemException {
    var text = text(line, name, TEXT_MAX);
    return text == null ? absent : text;
  }

  private static @Nullable String text(ObjectNode line, String name, int max)
      throws ProblemException {
    var value = line.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new ProblemException(name + " must be a text");
    }
    if (value.textValue().length() > max) {
      throw new ProblemException(name + " has more than " + max + " characters");
    }
    return value.textValue();
  }

  private static ArrayNode texts(ObjectNode line, String name) throws ProblemException {
    var list = JsonNodeFactory.instance.arrayNode();
    var value = line.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return list;
    }
    if (!value.isArray() || value.size() > LIST_MAX) {
      throw new ProblemException(name + " must be a list of at most " + LIST_MAX + " texts");
    }
    for (var each : value) {
      if (!each.isTextual() || each.textValue().length() > TEXT_MAX) {
        throw new ProblemException(
            name + " must be a list of texts of at most " + TEXT_MAX + " characters");
      }
      list.add(each);
    }
    return list;
  }

  private static void number(ObjectNode object, String name, double min, double max)
      throws ProblemException {
    var value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return;
    }
    if (!value.isNumber() || value.asDouble() < min || value.asDouble() > max) {
      throw new ProblemException(
          max == Double.MAX_VALUE
              ? "%s.%s must be a number, at least %.0f".formatted(METADATA, name, min)
              : "%s.%s must be a number, %.0f to %.0f".formatted(METADATA, name, min, max));
    }
  }

  private static @Nullable String exportedId(String name, ObjectNode metadata) {
    var request = metadata.path("request").asText();
    boolean own = !request.isEmpty() && name.equals(Problem.NAME_BEFORE_ID + request);
    return own && REQUEST.matcher(request).matches() ? request : null;
  }

  private static String id(String name, String language, String prompt) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var part : List.of(name, language, prompt)) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return "p-" + HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
