package org.brokecluster.node.runtime.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.brokecluster.node.runtime.answer.BodyFields;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.protocol.model.Api;
import org.jspecify.annotations.Nullable;

/**
 * A client's request in Ollama's form: {@code /api/chat} for chats, {@code /api/generate} without a
 * template for text completions. An option that Ollama would ignore is refused instead.
 *
 * @param path where to send it
 * @param json what to send
 * @param tokenLimit the client's limit of the answer, or null
 * @param oneToolCall whether the client wants no second tool call
 */
// The array is handed over, never changed.
@SuppressWarnings("ArrayRecordComponent")
record OllamaRequest(String path, byte[] json, @Nullable Integer tokenLimit, boolean oneToolCall) {
  private static final JsonMapper MAPPER = BodyFields.mapper();
  private static final List<String> IGNORED = List.of("logit_bias", "echo", "suffix", "functions");
  private static final int IMAGE_TOKENS = 1500;

  /** Options by OpenAI's names and Ollama's, with their bounds. */
  private static final Map<String, Option> OPTIONS =
      Map.of(
          "temperature", new Option("temperature", 0, 100),
          "top_p", new Option("top_p", 0, 1),
          "min_p", new Option("min_p", 0, 1),
          "presence_penalty", new Option("presence_penalty", -100, 100),
          "frequency_penalty", new Option("frequency_penalty", -100, 100),
          "repetition_penalty", new Option("repeat_penalty", 0, 100));

  /** An option of a number. */
  private record Option(String name, double min, double max) {}

  /**
   * Turns a body.
   *
   * @throws RequestRefusal if it must not be sent; its message is free of the body's text
   */
  static OllamaRequest of(byte[] body, Api api, OllamaPlan plan) throws RequestRefusal {
    var fields = BodyFields.of(body);
    refuseIgnored(fields, api);
    var out = JsonNodeFactory.instance.objectNode();
    out.put("model", plan.name()).put("stream", true);
    out.put("keep_alive", plan.keepAliveSeconds());
    // Too long a prompt is an error, and never a prompt that is cut.
    out.put("truncate", false).put("shift", false);
    return switch (api) {
      case CHAT -> chat(fields, plan, out);
      case COMPLETION -> completion(fields, plan, out);
    };
  }

  private static OllamaRequest chat(BodyFields fields, OllamaPlan plan, ObjectNode out)
      throws RequestRefusal {
    var messages = new OllamaMessages();
    out.set("messages", messages.convert(fields.node("messages")));
    long bytes = messages.textBytes();
    if (!"none".equals(fields.node("tool_choice").asText()) && fields.wanted("tools")) {
      var tools = fields.node("tools");
      out.set("tools", tools);
      bytes += tools.toString().length();
    }
    format(fields, out);
    think(fields, plan, out);
    if (fields.wanted("logprobs")) {
      out.put("logprobs", true);
      fields.whole("top_logprobs").ifPresent(count -> out.put("top_logprobs", count));
    }
    var parallel = fields.node("parallel_tool_calls");
    boolean oneCall = parallel.isBoolean() && !parallel.booleanValue();
    return finished("/api/chat", fields, plan, out, bytes, messages.images(), oneCall);
  }

  private static OllamaRequest completion(BodyFields fields, OllamaPlan plan, ObjectNode out)
      throws RequestRefusal {
    var prompt = fields.node("prompt");
    var text = prompt.isArray() && prompt.size() == 1 ? prompt.get(0) : prompt;
    if (!text.isTextual()) {
      throw RequestRefusal.invalid("prompt", "invalid_type", "prompt must be a string");
    }
    out.put("prompt", text.textValue()).put("raw", true);
    format(fields, out);
    long bytes = text.textValue().getBytes(StandardCharsets.UTF_8).length;
    return finished("/api/generate", fields, plan, out, bytes, 0, false);
  }

  private static OllamaRequest finished(
      String path,
      BodyFields fields,
      OllamaPlan plan,
      ObjectNode out,
      long bytes,
      int images,
      boolean oneCall)
      throws RequestRefusal {
    int loaded = plan.loadedContext();
    if (plan.context().surelyTooShortFor(bytes, loaded)) {
      throw RequestRefusal.tooLong(
          "the prompt is longer than the context of %d tokens; see broke.node.ollama.context-max"
              .formatted(Math.max(loaded, plan.context().max())));
    }
    var limit = fields.answerLimit();
    var options = options(fields);
    options.put(
        "num_ctx", plan.context().tokens(bytes, images * IMAGE_TOKENS, limit.orElse(0), loaded));
    limit.ifPresent(tokens -> options.put("num_predict", tokens));
    out.set("options", options);
    try {
      return new OllamaRequest(
          path,
          MAPPER.writeValueAsBytes(out),
          limit.isPresent() ? limit.getAsInt() : null,
          oneCall);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a request that was put together here", e);
    }
  }

  private static void refuseIgnored(BodyFields fields, Api api) throws RequestRefusal {
    for (var name : IGNORED) {
      refuseIf(fields.wanted(name), name);
    }
    for (var name : List.of("n", "best_of")) {
      refuseIf(fields.whole(name).orElse(1) > 1, name);
    }
    var choice = fields.node("tool_choice");
    refuseIf(choice.isObject() || "required".equals(choice.asText()), "tool_choice");
    refuseIf(api == Api.COMPLETION && fields.has("logprobs"), "logprobs");
  }

  private static void refuseIf(boolean ignored, String name) throws RequestRefusal {
    if (ignored) {
      throw RequestRefusal.unsupported(name, "Ollama");
    }
  }

  private static ObjectNode options(BodyFields fields) throws RequestRefusal {
    var options = JsonNodeFactory.instance.objectNode();
    for (var entry : OPTIONS.entrySet()) {
      var option = entry.getValue();
      var value = fields.number(entry.getKey(), option.min, option.max);
      value.ifPresent(number -> options.put(option.name, number));
    }
    fields.whole("top_k").ifPresent(count -> options.put("top_k", Math.max(0, count)));
    fields.whole("seed").ifPresent(seed -> options.put("seed", seed & Integer.MAX_VALUE));
    var stop = fields.node("stop");
    if (stop.isTextual()) {
      options.putArray("stop").add(stop);
    } else if (stop.isArray() && !stop.isEmpty()) {
      options.set("stop", stop);
    }
    return options;
  }

  private static void format(BodyFields fields, ObjectNode out) throws RequestRefusal {
    var format = fields.node("response_format");
    switch (format.path("type").asText("text")) {
      case "json_object" -> out.put("format", "json");
      case "json_schema" -> {
        var schema = format.path("json_schema").path("schema");
        if (!schema.isObject()) {
          throw RequestRefusal.invalid(
              "response_format.json_schema.schema", "invalid_type", "a schema must be an object");
        }
        out.set("format", schema);
      }
      default -> {}
    }
  }

  /** A model that cannot think refuses to be told so; one that can does unless told not to. */
  private static void think(BodyFields fields, OllamaPlan plan, ObjectNode out)
      throws RequestRefusal {
    var effort = fields.text("reasoning_effort");
    var asked = fields.node("chat_template_kwargs").path("enable_thinking");
    if (!plan.thinks() || (effort == null && !asked.isBoolean())) {
      return;
    }
    if (effort == null) {
      out.put("think", asked.booleanValue());
    } else if (plan.thinksByDegree()) {
      out.put("think", degree(effort));
    } else {
      out.put("think", !effort.equals("none") && !effort.equals("minimal"));
    }
  }

  private static String degree(String effort) {
    return switch (effort) {
      case "none", "minimal", "low" -> "low";
      case "high", "xhigh" -> "high";
      default -> "medium";
    };
  }

  /** Shows no text of the prompt. */
  @Override
  public String toString() {
    return "OllamaRequest[%s %d bytes]".formatted(path, json.length);
  }
}
