package org.brokecluster.coordinator.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to the fields of one JSON object. A field that is absent or null gives null; one of
 * the wrong type or outside its range ends in a 400 that names it. Messages never repeat a value.
 */
public final class Fields {
  /** Name for objects whose type is wrong. */
  private static final String OBJECT = "an object";

  private final ObjectNode object;
  private final String path;

  private Fields(ObjectNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /** The fields of the body itself. */
  public static Fields of(ObjectNode body) {
    return new Fields(body, "");
  }

  /**
   * The fields of an object inside.
   *
   * @param path its place, such as {@code messages[2]}
   */
  static Fields of(JsonNode node, String path) {
    if (node instanceof ObjectNode inner) {
      return new Fields(inner, path);
    }
    throw wrongType(path, OBJECT, node);
  }

  /** Full name of a field of this object. */
  String name(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  /** Any value but null. */
  @Nullable JsonNode any(String field) {
    var node = object.get(field);
    return node == null || node.isNull() ? null : node;
  }

  /** Whether a field of that name is there, even if it is null. */
  boolean names(String field) {
    return object.has(field);
  }

  /** Whether the field is there and not null. */
  boolean has(String field) {
    return any(field) != null;
  }

  /** A string. */
  @Nullable String text(String field) {
    var node = any(field);
    if (node != null && !node.isTextual()) {
      throw wrongType(name(field), "a string", node);
    }
    return node == null ? null : node.textValue();
  }

  /** A string that must be there. */
  String requiredText(String field) {
    var value = text(field);
    if (value == null) {
      throw missing(field);
    }
    return value;
  }

  /** A boolean; false where absent. */
  boolean flag(String field) {
    var node = any(field);
    if (node != null && !node.isBoolean()) {
      throw wrongType(name(field), "a boolean", node);
    }
    return node != null && node.booleanValue();
  }

  /** A number within both bounds. */
  @Nullable Double number(String field, double min, double max) {
    var node = any(field);
    if (node == null) {
      return null;
    }
    if (!node.isNumber()) {
      throw wrongType(name(field), "a number", node);
    }
    double value = node.doubleValue();
    if (!(value >= min && value <= max)) {
      throw invalid(field, "out_of_range", "must be between " + plain(min) + " and " + plain(max));
    }
    return value;
  }

  /** A whole number of at least {@code min}; one beyond what an int holds counts as the largest. */
  @Nullable Integer integer(String field, int min, int max) {
    var node = any(field);
    if (node == null) {
      return null;
    }
    if (!whole(node)) {
      throw wrongType(name(field), "an integer", node);
    }
    double value = node.doubleValue();
    if (value < min || (value > max && max != Integer.MAX_VALUE)) {
      String bound =
          max == Integer.MAX_VALUE ? "at least " + min : "between " + min + " and " + max;
      throw invalid(field, "out_of_range", "must be " + bound);
    }
    return (int) Math.min(value, Integer.MAX_VALUE);
  }

  /** Checks that a field is a whole number of any size, if it is there. */
  void wholeNumber(String field) {
    var node = any(field);
    if (node != null && !whole(node)) {
      throw wrongType(name(field), "an integer", node);
    }
  }

  /** An array. */
  @Nullable JsonNode array(String field) {
    var node = any(field);
    if (node != null && !node.isArray()) {
      throw wrongType(name(field), "an array", node);
    }
    return node;
  }

  /** An object. */
  @Nullable Fields fields(String field) {
    var node = any(field);
    return node == null ? null : of(node, name(field));
  }

  /** Refuses fields that nobody knows. */
  void knownOnly(Collection<String> known) {
    object
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (!known.contains(field)) {
                var param = name(clip(field));
                var message =
                    "unknown field %s; known are %s"
                        .formatted(param, String.join(", ", new TreeSet<>(known)));
                throw new ApiException(ApiError.invalid(param, "unknown_parameter", message));
              }
            });
  }

  /** A 400 that says a field has to be there. */
  ApiException missing(String field) {
    return new ApiException(
        ApiError.invalid(name(field), "missing_required_parameter", name(field) + " is required"));
  }

  /** A 400 that says what is wrong with a field. */
  ApiException invalid(String field, String code, String what) {
    return new ApiException(ApiError.invalid(name(field), code, name(field) + " " + what));
  }

  /** A 400 that says a value has the wrong type. */
  static ApiException wrongType(String name, String expected, JsonNode actual) {
    return new ApiException(
        ApiError.invalid(
            name, "invalid_type", name + " must be " + expected + ", not " + typeOf(actual)));
  }

  private static String typeOf(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case BOOLEAN -> "a boolean";
      case NULL -> "null";
      case NUMBER -> "a number";
      case OBJECT, POJO -> OBJECT;
      case STRING, BINARY -> "a string";
      case MISSING -> "absent";
    };
  }

  private static boolean whole(JsonNode node) {
    return node.isIntegralNumber()
        || (node.isNumber() && node.doubleValue() == Math.rint(node.doubleValue()));
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound)
        ? Long.toString((long) bound)
        : String.format(Locale.ROOT, "%s", bound);
  }

  /** A name that may be long, fit for a message. */
  static String clip(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64);
  }
}
