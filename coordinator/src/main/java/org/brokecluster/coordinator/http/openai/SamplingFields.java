package org.brokecluster.coordinator.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.Set;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.router.Parameter;
import org.jspecify.annotations.Nullable;

/** Checks the fields that steer how an answer is made; they go to the runtime with the body. */
final class SamplingFields {
  private static final int STOPS_MAX = 4;
  private static final int TOP_LOGPROBS_MAX = 20;
  private static final int COMPLETION_LOGPROBS_MAX = 5;
  private static final double BIAS_MAX = 100;

  private final Fields body;

  SamplingFields(Fields body) {
    this.body = body;
  }

  /** What both kinds of call have. */
  void common(Set<Ability> needs) {
    body.number("temperature", 0, 2);
    body.number("top_p", 0, 1);
    body.number("presence_penalty", -2, 2);
    body.number("frequency_penalty", -2, 2);
    body.wholeNumber("seed");
    body.text("user");
    logitBias();
    var choices = body.integer("n", 1, Integer.MAX_VALUE);
    if (choices != null && choices != 1) {
      throw body.invalid("n", "unsupported_value", "must be 1: one answer for each call");
    }
    stop();
    responseFormat(needs);
  }

  /** What only chat calls have. */
  void chat(Set<Ability> needs) {
    boolean logprobs = body.flag("logprobs");
    var top = body.integer("top_logprobs", 0, TOP_LOGPROBS_MAX);
    if (top != null && !logprobs) {
      throw body.invalid("top_logprobs", "invalid_value", "needs logprobs to be true");
    }
    if (logprobs) {
      needs.add(Ability.LOGPROBS);
    }
    body.text("reasoning_effort");
    modalities();
  }

  /** What only completions have. */
  void completion(Set<Ability> needs) {
    var logprobs = body.integer("logprobs", 0, COMPLETION_LOGPROBS_MAX);
    if (logprobs != null) {
      needs.add(Ability.LOGPROBS);
    }
    body.flag("echo");
    body.text("suffix");
    var best = body.integer("best_of", 1, Integer.MAX_VALUE);
    if (best != null && best != 1) {
      throw body.invalid("best_of", "unsupported_value", "must be 1: one answer for each call");
    }
  }

  /** Whether the same answer is asked for each time. */
  boolean reproducible() {
    var temperature = body.number("temperature", 0, 2);
    return body.any("seed") != null || (temperature != null && temperature == 0);
  }

  /** What the client has left open; nothing where it wants the same answer each time. */
  Set<Parameter> open() {
    if (reproducible()) {
      return Set.of();
    }
    var open = EnumSet.noneOf(Parameter.class);
    add(open, Parameter.TEMPERATURE, "temperature");
    add(open, Parameter.TOP_P, "top_p", "top_k", "min_p");
    add(open, Parameter.MAX_TOKENS, "max_tokens", "max_completion_tokens");
    add(open, Parameter.THINKING, "chat_template_kwargs", "reasoning_effort", "reasoning", "think");
    return open;
  }

  private void add(Set<Parameter> open, Parameter parameter, String... fields) {
    for (var field : fields) {
      if (body.names(field)) {
        return;
      }
    }
    open.add(parameter);
  }

  /** The client's limit for the answer, by its new or its old name; the smaller of both. */
  @Nullable Integer maxTokens() {
    var current = body.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
    var old = body.integer("max_tokens", 1, Integer.MAX_VALUE);
    if (current == null || old == null) {
      return current == null ? old : current;
    }
    return Math.min(current, old);
  }

  /** Whether the stream is to end with usage; refuses stream options without a stream. */
  boolean includeUsage(boolean stream) {
    var options = body.fields("stream_options");
    if (options == null) {
      return false;
    }
    if (!stream) {
      throw body.invalid("stream_options", "invalid_value", "is only allowed when stream is true");
    }
    if (options.flag("include_obfuscation")) {
      throw options.invalid(
          "include_obfuscation", "unsupported_value", "must be false: chunks are not padded here");
    }
    return options.flag("include_usage");
  }

  private void logitBias() {
    var bias = body.any("logit_bias");
    if (bias == null) {
      return;
    }
    if (!bias.isObject()) {
      throw Fields.wrongType("logit_bias", "an object of numbers by token", bias);
    }
    for (var each : bias) {
      if (!each.isNumber() || !(Math.abs(each.doubleValue()) <= BIAS_MAX)) {
        throw body.invalid(
            "logit_bias", "out_of_range", "must have numbers between -100 and 100 as its values");
      }
    }
  }

  private void stop() {
    var stop = body.any("stop");
    if (stop == null || stop.isTextual()) {
      return;
    }
    if (!stop.isArray()) {
      throw Fields.wrongType("stop", "a string or an array of strings", stop);
    }
    if (stop.size() > STOPS_MAX) {
      throw body.invalid("stop", "array_too_long", "must have at most " + STOPS_MAX + " strings");
    }
    allText("stop", stop);
  }

  private void modalities() {
    var modalities = body.array("modalities");
    if (modalities == null) {
      return;
    }
    allText("modalities", modalities);
    for (var each : modalities) {
      if (!"text".equals(each.textValue())) {
        throw body.invalid("modalities", "unsupported_value", "can only be text");
      }
    }
  }

  private void responseFormat(Set<Ability> needs) {
    var format = body.fields("response_format");
    if (format == null) {
      return;
    }
    switch (format.requiredText("type")) {
      case "text" -> {}
      case "json_object" -> needs.add(Ability.JSON_OBJECT);
      case "json_schema" -> {
        var schema = format.fields("json_schema");
        if (schema == null) {
          throw format.missing("json_schema");
        }
        schema.requiredText("name");
        schema.flag("strict");
        var written = schema.any("schema");
        if (written == null) {
          throw schema.missing("schema");
        }
        SchemaCheck.check(written, schema.name("schema"));
        needs.add(Ability.JSON_SCHEMA);
      }
      default ->
          throw format.invalid("type", "invalid_value", "must be text, json_object or json_schema");
    }
  }

  private static void allText(String name, JsonNode array) {
    int index = 0;
    for (var each : array) {
      if (!each.isTextual()) {
        throw Fields.wrongType(name + "[" + index + "]", "a string", each);
      }
      index++;
    }
  }
}
