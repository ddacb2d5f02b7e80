package org.brokecluster.coordinator.cli.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Reads answers defensively: whatever is missing, null or of another type counts as not said. Names
 * are tried in order, and a dot leads into an object. Safe for use from any thread.
 */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectReader READER = MAPPER.reader();

  private Json() {}

  /** A new object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** A new list. */
  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  /** The parsed text. */
  public static JsonNode parse(String text) throws JsonProcessingException {
    return READER.readTree(text);
  }

  /** The text on several lines, as it came. */
  public static String pretty(JsonNode node) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first of the named values that is there. */
  public static Optional<JsonNode> find(JsonNode node, String... names) {
    for (var name : names) {
      var found = node;
      for (var step : name.split("\\.", -1)) {
        found = found.path(step);
      }
      if (!found.isMissingNode() && !found.isNull()) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /** A text or number as text, or a dash. */
  public static String text(JsonNode node, String... names) {
    return find(node, names).filter(JsonNode::isValueNode).map(JsonNode::asText).orElse("-");
  }

  /** A whole number; what has a fraction loses it. */
  public static OptionalLong number(JsonNode node, String... names) {
    var found = find(node, names).filter(JsonNode::isNumber);
    return found.isPresent() ? OptionalLong.of(found.get().asLong()) : OptionalLong.empty();
  }

  /** A number. */
  public static OptionalDouble decimal(JsonNode node, String... names) {
    var found = find(node, names).filter(JsonNode::isNumber);
    return found.isPresent() ? OptionalDouble.of(found.get().asDouble()) : OptionalDouble.empty();
  }

  /** Whether it is true; what is missing is not. */
  public static boolean flag(JsonNode node, String... names) {
    return find(node, names).map(JsonNode::asBoolean).orElse(false);
  }

  /** The elements of the first named list that is there, or of the node itself if it is one. */
  public static List<JsonNode> list(JsonNode node, String... names) {
    var found = node.isArray() ? Optional.of(node) : find(node, names);
    var elements = new ArrayList<JsonNode>();
    found.filter(JsonNode::isArray).ifPresent(list -> list.forEach(elements::add));
    return elements;
  }

  /** A size, or a dash. */
  public static String bytes(JsonNode node, String... names) {
    var bytes = number(node, names);
    return bytes.isPresent() && bytes.getAsLong() > 0 ? Figures.bytes(bytes.getAsLong()) : "-";
  }

  /** A size of memory, or a dash. */
  public static String memory(JsonNode node, String... names) {
    var bytes = number(node, names);
    return bytes.isPresent() && bytes.getAsLong() > 0 ? Figures.memory(bytes.getAsLong()) : "-";
  }

  /** A time given in milliseconds, or a dash. */
  public static String millis(JsonNode node, String... names) {
    var millis = number(node, names);
    return millis.isPresent() ? Figures.millis(millis.getAsLong()) : "-";
  }

  /** A share of one as a percentage, or a dash. */
  public static String percent(JsonNode node, String... names) {
    var share = decimal(node, names);
    return share.isPresent() ? Math.round(share.getAsDouble() * 100) + " %" : "-";
  }

  /** A score with two digits, or a dash. */
  public static String score(JsonNode node, String... names) {
    var score = decimal(node, names);
    return score.isPresent() ? Figures.score(score.getAsDouble()) : "-";
  }
}
