package org.brokecluster.node.runtime.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.brokecluster.node.runtime.answer.BodyFields;
import org.brokecluster.node.runtime.answer.RequestRefusal;

/**
 * Fields for a server that closes the connection without a word over a value it does not expect
 * (mlx_lm.server): only those it knows, within their ranges, fractions written as fractions. Values
 * that change nothing are left out, since each one given sets up work for every token.
 */
final class StrictFields {
  /** Passed on as they are: they are checked elsewhere or may be anything. */
  private static final Set<String> AS_THEY_ARE =
      Set.of("messages", "prompt", "tools", "chat_template_kwargs");

  private static final Map<String, Range> NUMBERS =
      Map.of(
          "temperature", new Range(0, 100, Double.NaN),
          "top_p", new Range(0, 1, Double.NaN),
          "min_p", new Range(0, 1, 0),
          "repetition_penalty", new Range(0, 100, 1),
          "presence_penalty", new Range(-100, 100, 0),
          "frequency_penalty", new Range(-100, 100, 0),
          "xtc_probability", new Range(0, 1, 0),
          "xtc_threshold", new Range(0, 0.5, Double.NaN));
  private static final Set<String> SIZES =
      Set.of("repetition_context_size", "presence_context_size", "frequency_context_size");

  /** Most tokens that can be chosen from; more than any vocabulary. */
  private static final int TOP_K_MAX = 10_000_000;

  private final BodyFields fields;
  private final Map<String, JsonNode> values = new LinkedHashMap<>();

  /**
   * Bounds of a number.
   *
   * @param idle value that changes nothing, or not a number
   */
  private record Range(double min, double max, double idle) {}

  StrictFields(BodyFields fields) {
    this.fields = fields;
  }

  /**
   * Leaves out what is unknown or idle, and gives the checked values of the rest.
   *
   * @throws RequestRefusal naming a field whose value no server would take
   */
  Map<String, JsonNode> check() throws RequestRefusal {
    var nodes = JsonNodeFactory.instance;
    for (var range : NUMBERS.entrySet()) {
      var bounds = range.getValue();
      var value = fields.number(range.getKey(), bounds.min, bounds.max);
      if (value.isPresent() && value.getAsDouble() != bounds.idle) {
        values.put(range.getKey(), nodes.numberNode(value.getAsDouble()));
      }
    }
    for (var size : SIZES) {
      var value = fields.number(size, 0, Integer.MAX_VALUE);
      if (value.isPresent()) {
        values.put(size, nodes.numberNode((int) value.getAsDouble()));
      }
    }
    topK(nodes);
    seed(nodes);
    stop(nodes);
    fields.slices().keySet().retainAll(AS_THEY_ARE);
    return values;
  }

  /** Elsewhere -1 means all tokens, which here is 0 and the default. */
  private void topK(JsonNodeFactory nodes) throws RequestRefusal {
    var value = fields.number("top_k", -1, TOP_K_MAX);
    if (value.isPresent() && value.getAsDouble() >= 1) {
      values.put("top_k", nodes.numberNode((int) value.getAsDouble()));
    }
  }

  /** A seed must fit an unsigned number; it makes the server work on this request alone. */
  private void seed(JsonNodeFactory nodes) throws RequestRefusal {
    var value = fields.whole("seed");
    if (value.isPresent()) {
      values.put("seed", nodes.numberNode(value.getAsLong() & Long.MAX_VALUE));
    }
  }

  private void stop(JsonNodeFactory nodes) throws RequestRefusal {
    var stop = fields.node("stop");
    var texts = nodes.arrayNode();
    for (var each : stop.isArray() ? stop : nodes.arrayNode().add(stop)) {
      if (each.isTextual() && !each.textValue().isEmpty()) {
        texts.add(each);
      } else if (!each.isTextual() && !each.isMissingNode() && !each.isNull()) {
        throw RequestRefusal.invalid(
            "stop", "invalid_type", "stop must be a string or an array of strings");
      }
    }
    if (!texts.isEmpty()) {
      values.put("stop", texts);
    }
  }
}
