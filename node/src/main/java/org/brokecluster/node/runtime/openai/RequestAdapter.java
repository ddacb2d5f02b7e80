package org.brokecluster.node.runtime.openai;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.brokecluster.node.runtime.answer.BodyFields;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.protocol.model.Ability;

/**
 * Turns a client's body into the one a server gets: always streaming, with counts where the server
 * knows them, with the server's own name of the model, without nulls and without our own fields. An
 * option that the server would ignore is refused instead. Large values are handed on byte by byte.
 *
 * <p>Pure; one object for one request.
 */
final class RequestAdapter {
  private static final JsonMapper MAPPER = BodyFields.mapper();
  private static final Set<String> REPLACED = Set.of("model", "stream", "stream_options");
  private static final Set<String> TOOL_FIELDS =
      Set.of("tools", "tool_choice", "parallel_tool_calls", "functions", "function_call");

  /** What {@code transformers serve} uses; it refuses a request with anything else. */
  private static final Set<String> USED_BY_TRANSFORMERS =
      Set.of("messages", "temperature", "top_p", "frequency_penalty", "seed", "stop", "tools");

  private static final int BYTES_PER_TOKEN = 4;
  private static final int SHORTEST_ANSWER = 256;

  private final RequestPlan plan;
  private final Dialect dialect;
  private final BodyFields fields;
  private final Map<String, JsonNode> values = new LinkedHashMap<>();
  private final ByteArrayOutputStream out;

  private RequestAdapter(BodyFields fields, RequestPlan plan) {
    this.plan = plan;
    this.dialect = plan.dialect();
    this.fields = fields;
    this.out = new ByteArrayOutputStream(fields.body().length + 160);
  }

  /**
   * The request to send.
   *
   * @throws RequestRefusal if it must not be sent; its message is free of the body's text
   */
  static AdaptedRequest adapt(byte[] body, RequestPlan plan) throws RequestRefusal {
    return new RequestAdapter(BodyFields.of(body), plan).adapt();
  }

  /** The text of a completion's prompt; empty if it has another form. */
  static String promptText(byte[] body) throws RequestRefusal {
    return promptText(BodyFields.of(body).node("prompt"));
  }

  private static String promptText(JsonNode prompt) {
    return prompt.isArray() && prompt.size() == 1 ? prompt.get(0).asText("") : prompt.asText("");
  }

  private AdaptedRequest adapt() throws RequestRefusal {
    fields.slices().keySet().removeAll(REPLACED);
    refuseIgnored();
    var limit = fields.answerLimit();
    boolean oneCall = tools();
    effort();
    limit(limit);
    if (dialect.has(Habit.STRICT)) {
      new StrictFields(fields).check().forEach(values::putIfAbsent);
    } else if (dialect == Dialect.TRANSFORMERS) {
      fields.slices().keySet().retainAll(USED_BY_TRANSFORMERS);
    } else {
      numbers();
    }
    if (plan.shifts()) {
      var shifted = PromptMemory.SHIFT + promptText(fields.node("prompt"));
      fields.drop("prompt");
      values.put("prompt", JsonNodeFactory.instance.textNode(shifted));
    }
    write();
    return new AdaptedRequest(
        out.toByteArray(), limit.isPresent() ? limit.getAsInt() : null, oneCall);
  }

  private void refuseIgnored() throws RequestRefusal {
    for (var name : dialect.ignored()) {
      refuseIf(fields.wanted(name), name);
      fields.drop(name);
    }
    for (var name : List.of("n", "best_of")) {
      refuseIf(fields.whole(name).orElse(1) > 1, name);
    }
    refuseIf(lacks(Ability.LOGPROBS) && fields.wanted("logprobs"), "logprobs");
    var format = fields.node("response_format").path("type").asText("text");
    refuseIf(
        (format.equals("json_schema") && lacks(Ability.JSON_SCHEMA))
            || (format.equals("json_object") && lacks(Ability.JSON_OBJECT)),
        "response_format");
    refuseIf(lacks(Ability.TOOLS) && fields.wanted("tools"), "tools");
  }

  /** Settles what is said of tools; true if there must be one call at most. */
  private boolean tools() throws RequestRefusal {
    if (lacks(Ability.TOOL_CHOICE)) {
      var choice = fields.node("tool_choice");
      refuseIf(choice.isObject() || "required".equals(choice.asText()), "tool_choice");
      if ("none".equals(choice.asText())) {
        TOOL_FIELDS.forEach(fields::drop);
      }
      fields.drop("tool_choice");
    }
    if (!dialect.has(Habit.MANY_CALLS)) {
      return false;
    }
    var parallel = fields.node("parallel_tool_calls");
    fields.drop("parallel_tool_calls");
    return parallel.isBoolean() && !parallel.booleanValue();
  }

  /** How long to think is an argument of the chat template where it is not a field of its own. */
  private void effort() throws RequestRefusal {
    var effort = fields.text("reasoning_effort");
    if (effort == null || !dialect.has(Habit.TEMPLATE_EFFORT)) {
      return;
    }
    fields.drop("reasoning_effort");
    var given = fields.node("chat_template_kwargs");
    fields.drop("chat_template_kwargs");
    var arguments =
        given instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    if (effort.equals("none") || effort.equals("minimal")) {
      arguments.putIfAbsent("enable_thinking", JsonNodeFactory.instance.booleanNode(false));
    } else {
      arguments.putIfAbsent("reasoning_effort", JsonNodeFactory.instance.textNode(effort));
    }
    values.put("chat_template_kwargs", arguments);
  }

  private void limit(OptionalInt limit) {
    if (limit.isPresent()) {
      if (dialect.has(Habit.OLD_LIMIT_NAME)) {
        fields.drop("max_completion_tokens");
        fields.drop("max_tokens");
        values.put("max_tokens", JsonNodeFactory.instance.numberNode(limit.getAsInt()));
      } else if (!fields.has("max_tokens")) {
        values.put("max_tokens", JsonNodeFactory.instance.numberNode(limit.getAsInt()));
      }
    } else if (dialect.has(Habit.LOW_LIMIT)) {
      values.put("max_tokens", JsonNodeFactory.instance.numberNode(ownLimit()));
    }
  }

  /** What is likely left of the context, within the bounds for answers. */
  private int ownLimit() {
    var context = plan.contextLength();
    if (context == null) {
      return plan.answerMax();
    }
    int left = context - fields.body().length / BYTES_PER_TOKEN;
    return Math.max(SHORTEST_ANSWER, Math.min(plan.answerMax(), left));
  }

  /** What no server takes is refused in the same words everywhere. */
  private void numbers() throws RequestRefusal {
    fields.number("temperature", 0, 100);
    fields.number("top_p", 0, 1);
    fields.number("min_p", 0, 1);
    fields.whole("seed");
  }

  private void refuseIf(boolean ignored, String name) throws RequestRefusal {
    if (ignored) {
      throw RequestRefusal.unsupported(name, dialect.title());
    }
  }

  private boolean lacks(Ability ability) {
    return !dialect.abilities().contains(ability);
  }

  private void write() {
    ascii("{\"model\":\"");
    out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(plan.wireName()));
    ascii("\",\"stream\":true");
    if (!dialect.has(Habit.NO_STREAM_OPTIONS)) {
      ascii(",\"stream_options\":{\"include_usage\":true}");
    }
    try {
      for (var field : fields.slices().entrySet()) {
        name(field.getKey());
        value(field.getKey(), field.getValue());
      }
      for (var value : values.entrySet()) {
        name(value.getKey());
        out.writeBytes(MAPPER.writeValueAsBytes(value.getValue()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a body that was valid before", e);
    }
    if (dialect.has(Habit.PROGRESS_IF_ASKED)) {
      ascii(",\"return_progress\":true");
    }
    ascii("}");
  }

  private void value(String name, BodyFields.Slice slice) throws IOException {
    if (name.equals("messages")) {
      new MessageWriter(dialect).write(fields.body(), slice, out);
    } else {
      out.write(fields.body(), slice.from(), slice.length());
    }
  }

  private void name(String name) {
    ascii(",\"");
    out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(name));
    ascii("\":");
  }

  private void ascii(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
