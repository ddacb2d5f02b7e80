package org.brokecluster.node.runtime.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Makes a JSON value that satisfies a simple JSON schema: types, {@code enum}, {@code const},
 * {@code default}, {@code required}, {@code minItems}, {@code minimum}, {@code minLength}, local
 * references and the first branch of {@code anyOf}, {@code oneOf} and {@code allOf}. Patterns are
 * not followed.
 */
final class SchemaInstance {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int DEEPEST = 12;
  private static final int MOST_ITEMS = 100;
  private static final int LONGEST_PADDING = 1_000;

  private final JsonNode root;
  private final Randomness random;
  private final List<String> words;

  /**
   * An instance maker.
   *
   * @param words values to use for free texts before invented ones, such as a name from the
   *     question
   */
  SchemaInstance(JsonNode root, Randomness random, List<String> words) {
    this.root = root;
    this.random = random;
    this.words = new ArrayList<>(words);
  }

  /** A value for the whole schema; an empty object where there is none. */
  JsonNode make() {
    return root.isObject() ? make(root, "value", 0) : JSON.objectNode();
  }

  private JsonNode make(JsonNode given, String name, int depth) {
    var schema = resolve(given);
    if (depth > DEEPEST) {
      return JSON.nullNode();
    }
    if (schema.has("const")) {
      return schema.get("const");
    }
    if (schema.path("enum").size() > 0) {
      return schema.path("enum").get(random.between(0, schema.path("enum").size() - 1));
    }
    if (schema.hasNonNull("default")) {
      return schema.get("default");
    }
    for (var key : List.of("anyOf", "oneOf", "allOf")) {
      if (schema.path(key).size() > 0) {
        return make(schema.path(key).get(0), name, depth + 1);
      }
    }
    return ofType(type(schema), schema, name, depth);
  }

  private JsonNode ofType(String type, JsonNode schema, String name, int depth) {
    return switch (type) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, name, depth);
      case "string" -> JSON.textNode(text(schema, name));
      case "integer" -> JSON.numberNode((long) Math.ceil(number(schema)));
      case "number" -> JSON.numberNode(number(schema));
      case "boolean" -> JSON.booleanNode(random.between(0, 1) == 1);
      case "null" -> JSON.nullNode();
      default -> JSON.textNode("simulated");
    };
  }

  private ObjectNode object(JsonNode schema, int depth) {
    var object = JSON.objectNode();
    var properties = schema.path("properties");
    if (schema.path("required").size() > 0) {
      for (var key : schema.path("required")) {
        var property = properties.path(key.asText());
        object.set(key.asText(), make(property, key.asText(), depth + 1));
      }
    } else {
      properties
          .fieldNames()
          .forEachRemaining(key -> object.set(key, make(properties.get(key), key, depth + 1)));
    }
    return object;
  }

  private JsonNode array(JsonNode schema, String name, int depth) {
    var array = JSON.arrayNode();
    int items = Math.min(MOST_ITEMS, Math.max(1, schema.path("minItems").asInt(1)));
    for (int i = 0; i < items; i++) {
      array.add(make(schema.path("items"), name, depth + 1));
    }
    return array;
  }

  private String text(JsonNode schema, String name) {
    var text =
        switch (schema.path("format").asText("")) {
          case "date" -> "2026-01-02";
          case "date-time" -> "2026-01-02T03:04:05Z";
          case "time" -> "03:04:05Z";
          case "email" -> "simulated@example.com";
          case "uri" -> "https://example.com/simulated";
          case "uuid" -> "00000000-0000-4000-8000-000000000000";
          default -> words.isEmpty() ? "simulated " + name.replace('_', ' ') : words.remove(0);
        };
    int shortest = Math.min(LONGEST_PADDING, schema.path("minLength").asInt(0));
    int longest = Math.max(shortest, schema.path("maxLength").asInt(Integer.MAX_VALUE));
    var padded = text + "x".repeat(Math.max(0, shortest - text.length()));
    return padded.substring(0, Math.min(padded.length(), longest));
  }

  private double number(JsonNode schema) {
    double lowest = schema.path("minimum").asDouble(Double.NaN);
    if (Double.isNaN(lowest) && schema.has("exclusiveMinimum")) {
      lowest = schema.path("exclusiveMinimum").asDouble() + 1;
    }
    double highest = schema.path("maximum").asDouble(Double.NaN);
    double wish = random.between(1, 9);
    if (!Double.isNaN(lowest)) {
      wish = Math.max(wish, lowest);
    }
    return Double.isNaN(highest) ? wish : Math.min(wish, highest);
  }

  private static String type(JsonNode schema) {
    var type = schema.path("type");
    if (type.isArray() && type.size() > 0) {
      return type.get(0).asText().toLowerCase(Locale.ROOT);
    }
    if (type.isTextual()) {
      return type.textValue().toLowerCase(Locale.ROOT);
    }
    return schema.has("properties") ? "object" : schema.has("items") ? "array" : "string";
  }

  private JsonNode resolve(JsonNode schema) {
    var found = schema;
    for (int i = 0; i < DEEPEST && found.path("$ref").asText("").startsWith("#/"); i++) {
      found = root.at(found.path("$ref").asText().substring(1));
    }
    return found;
  }
}
