package org.brokecluster.node.runtime.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.brokecluster.node.runtime.answer.BodyFields;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.protocol.model.Api;
import org.jspecify.annotations.Nullable;

/**
 * What the simulated runtime needs to know of a client's body.
 *
 * @param prompt fingerprints of the prompt
 * @param question last user message, at most 2,000 characters; empty if another role spoke last
 * @param maxTokens limit the client set, if any
 * @param ignoreEnd whether the answer must be as long as the limit allows ({@code ignore_eos})
 * @param stop texts that end the answer
 * @param tools functions the client offers
 * @param choice how far a function must be called
 * @param format shape of the answer
 * @param faults faults asked for, one for each attempt, or one for all of them
 */
record SimulatedRequest(
    PromptBlocks prompt,
    String question,
    OptionalInt maxTokens,
    boolean ignoreEnd,
    List<String> stop,
    long seed,
    List<Tool> tools,
    ToolChoice choice,
    Format format,
    JsonNode faults) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int QUESTION_CHARS = 2_000;
  private static final List<String> NOT_SIMULATED =
      List.of("logit_bias", "echo", "suffix", "functions");

  /** A function a client offers. */
  record Tool(String name, JsonNode parameters) {}

  /**
   * Whether a function is to be called.
   *
   * @param required some function has to be called
   * @param name the one that has to be called, or null
   */
  record ToolChoice(boolean allowed, boolean required, @Nullable String name) {}

  /**
   * Shape of the answer.
   *
   * @param json whether it has to be JSON
   * @param schema its schema; missing node for any object
   */
  record Format(boolean json, JsonNode schema) {}

  /**
   * Reads a client's body.
   *
   * @throws IOException if it is no JSON object; the message is free of the body's text
   * @throws RequestRefusal if it asks for something that is not even simulated
   */
  static SimulatedRequest read(byte[] bytes, Api api) throws IOException, RequestRefusal {
    JsonNode body;
    try {
      body = MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new IOException("the body is not valid JSON", e);
    }
    if (body == null || !body.isObject()) {
      throw new IOException("the body is not a JSON object");
    }
    for (var name : NOT_SIMULATED) {
      if (BodyFields.wanted(body.path(name))) {
        throw RequestRefusal.unsupported(name, "the simulated runtime");
      }
    }
    return of(body, api);
  }

  private static SimulatedRequest of(JsonNode body, Api api) {
    var prompt = new PromptBlocks();
    if (body.path("tools").isArray()) {
      prompt.append(body.path("tools").toString());
    }
    var question =
        switch (api) {
          case CHAT -> readMessages(body.path("messages"), prompt);
          case COMPLETION -> readPrompt(body.path("prompt"), prompt);
        };
    return new SimulatedRequest(
        prompt,
        question,
        limit(body),
        body.path("ignore_eos").asBoolean(false),
        texts(body.path("stop")),
        body.path("seed").asLong(0),
        tools(body.path("tools")),
        choice(body.path("tool_choice")),
        format(body.path("response_format")),
        body.path("broke_fault"));
  }

  /** Adds an answer to a prompt as the next turn of the conversation will repeat it. */
  static void appendAnswer(PromptBlocks prompt, String answer) {
    appendMessage(prompt, "assistant", answer);
  }

  private static void appendMessage(PromptBlocks prompt, String role, String text) {
    prompt.append("<" + role + ">");
    prompt.append(text);
    prompt.append("</>");
  }

  private static String readMessages(JsonNode messages, PromptBlocks prompt) {
    var question = "";
    for (var message : messages) {
      var role = message.path("role").asText("user");
      var text = text(message.path("content"));
      if (message.hasNonNull("tool_calls")) {
        text += message.path("tool_calls");
      }
      appendMessage(prompt, role, text);
      question = role.equals("user") ? text : "";
    }
    return question.substring(0, Math.min(QUESTION_CHARS, question.length()));
  }

  private static String readPrompt(JsonNode node, PromptBlocks prompt) {
    if (node.isTextual()) {
      prompt.append(node.textValue());
    } else {
      node.forEach(part -> prompt.append(part.isTextual() ? part.textValue() : part + " "));
    }
    return "";
  }

  private static String text(JsonNode content) {
    if (!content.isArray()) {
      return content.asText("");
    }
    var text = new StringBuilder();
    for (var part : content) {
      text.append(part.hasNonNull("text") ? part.path("text").asText() : part.toString());
    }
    return text.toString();
  }

  private static OptionalInt limit(JsonNode body) {
    for (var key : List.of("max_completion_tokens", "max_tokens")) {
      if (body.path(key).isIntegralNumber()) {
        return OptionalInt.of(Math.max(0, body.path(key).asInt()));
      }
    }
    return OptionalInt.empty();
  }

  private static List<String> texts(JsonNode node) {
    var texts = new ArrayList<String>();
    if (node.isTextual()) {
      texts.add(node.textValue());
    }
    node.forEach(text -> texts.add(text.asText()));
    texts.removeIf(String::isEmpty);
    return List.copyOf(texts);
  }

  private static List<Tool> tools(JsonNode node) {
    var tools = new ArrayList<Tool>();
    for (var tool : node) {
      var function = tool.path("function");
      if (function.path("name").isTextual()) {
        tools.add(new Tool(function.path("name").textValue(), function.path("parameters")));
      }
    }
    return List.copyOf(tools);
  }

  private static ToolChoice choice(JsonNode node) {
    var name = node.path("function").path("name");
    if (name.isTextual()) {
      return new ToolChoice(true, true, name.textValue());
    }
    var word = node.asText("auto");
    return new ToolChoice(!word.equals("none"), word.equals("required"), null);
  }

  private static Format format(JsonNode node) {
    var type = node.path("type").asText("text");
    if (type.equals("json_schema")) {
      return new Format(true, node.path("json_schema").path("schema"));
    }
    return new Format(type.equals("json_object"), MissingNode.getInstance());
  }

  /** Shows lengths only: prompts never reach a log. */
  @Override
  public String toString() {
    return "SimulatedRequest[%d prompt tokens]".formatted(prompt.tokens());
  }
}
