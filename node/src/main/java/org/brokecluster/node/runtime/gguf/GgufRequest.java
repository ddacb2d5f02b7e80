package org.brokecluster.node.runtime.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.brokecluster.node.runtime.answer.BodyFields;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.protocol.model.Api;

/**
 * What of a client's request the binding can do.
 *
 * @param system text of the system messages, for a chat
 * @param turns what user and assistant said, for a chat
 * @param prompt text to go on from, for a completion; empty for a chat
 * @param limit most tokens of the answer
 */
record GgufRequest(
    String system,
    List<Turn> turns,
    String prompt,
    OptionalInt limit,
    List<String> stops,
    OptionalDouble temperature,
    OptionalDouble topP,
    OptionalLong seed) {
  private static final List<String> IGNORED =
      List.of("logit_bias", "logprobs", "echo", "suffix", "functions", "tools");

  /** One message of a chat. */
  record Turn(String role, String text) {
    /** Shows no text. */
    @Override
    public String toString() {
      return role + " " + text.length();
    }
  }

  /**
   * Reads a body.
   *
   * @throws RequestRefusal naming what cannot be done
   */
  static GgufRequest of(byte[] body, Api api) throws RequestRefusal {
    var fields = BodyFields.of(body);
    for (var name : IGNORED) {
      if (fields.wanted(name)) {
        throw RequestRefusal.unsupported(name, "a GGUF file in this process");
      }
    }
    if (!fields.node("response_format").path("type").asText("text").equals("text")) {
      throw RequestRefusal.unsupported("response_format", "a GGUF file in this process");
    }
    if (fields.whole("n").orElse(1) > 1) {
      throw RequestRefusal.unsupported("n", "a GGUF file in this process");
    }
    var system = new StringBuilder();
    var turns = new ArrayList<Turn>();
    if (api == Api.CHAT) {
      messages(fields.node("messages"), system, turns);
    }
    return new GgufRequest(
        system.toString(),
        List.copyOf(turns),
        api == Api.COMPLETION ? prompt(fields.node("prompt")) : "",
        fields.answerLimit(),
        stops(fields.node("stop")),
        fields.number("temperature", 0, 100),
        fields.number("top_p", 0, 1),
        fields.whole("seed"));
  }

  private static void messages(JsonNode messages, StringBuilder system, List<Turn> turns)
      throws RequestRefusal {
    if (!messages.isArray() || messages.isEmpty()) {
      throw RequestRefusal.invalid("messages", "invalid_type", "messages must be an array");
    }
    int index = 0;
    for (var message : messages) {
      var path = "messages[" + index++ + "]";
      var text = text(message.path("content"), path);
      switch (message.path("role").asText("")) {
        case "system", "developer" -> system.append(system.isEmpty() ? "" : "\n").append(text);
        case "user" -> turns.add(new Turn("user", text));
        case "assistant" -> turns.add(new Turn("assistant", text));
        default -> throw RequestRefusal.unsupported(path + ".role", "a GGUF file in this process");
      }
    }
  }

  private static String text(JsonNode content, String path) throws RequestRefusal {
    if (!content.isArray()) {
      return content.asText("");
    }
    var text = new StringBuilder();
    for (var part : content) {
      if (!part.path("type").asText("").equals("text")) {
        throw RequestRefusal.unsupported(path + ".content", "a GGUF file in this process");
      }
      text.append(text.isEmpty() ? "" : "\n").append(part.path("text").asText(""));
    }
    return text.toString();
  }

  private static String prompt(JsonNode prompt) throws RequestRefusal {
    var single = prompt.isArray() && prompt.size() == 1 ? prompt.get(0) : prompt;
    if (!single.isTextual()) {
      throw RequestRefusal.invalid("prompt", "invalid_type", "prompt must be a string");
    }
    return single.textValue();
  }

  private static List<String> stops(JsonNode stop) {
    var stops = new ArrayList<String>();
    if (stop.isTextual()) {
      stops.add(stop.textValue());
    }
    stop.forEach(each -> stops.add(each.asText()));
    stops.removeIf(String::isEmpty);
    return List.copyOf(stops);
  }

  /** Shows no text of the prompt. */
  @Override
  public String toString() {
    return "GgufRequest[%d turns, prompt of %d]".formatted(turns.size(), prompt.length());
  }
}
