package org.brokecluster.coordinator.http.openai;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a JSON schema for an answer means anything: types that exist, schemas where schemas have
 * to be, references to what is there. A schema with a mistake would hold an answer to nothing, or
 * fail in the model server without a word. Keywords that are not known are left alone.
 *
 * @see <a href="https://json-schema.org/draft/2020-12/json-schema-core">JSON Schema 2020-12</a>
 */
final class SchemaCheck {
  private static final Set<String> TYPES =
      Set.of("object", "array", "string", "number", "integer", "boolean", "null");
  private static final List<String> BY_NAME =
      List.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");
  private static final List<String> ONE =
      List.of(
          "additionalProperties",
          "unevaluatedProperties",
          "contains",
          "propertyNames",
          "not",
          "if",
          "then",
          "else");
  private static final List<String> SEVERAL = List.of("anyOf", "oneOf", "allOf", "prefixItems");
  private static final String A_SCHEMA = "a schema (an object)";

  private final JsonNode root;

  private SchemaCheck(JsonNode root) {
    this.root = root;
  }

  /**
   * Checks a whole schema.
   *
   * @param path its place in the body
   * @throws ApiException a 400 that names the place of the first mistake
   */
  static void check(JsonNode schema, String path) {
    if (!schema.isObject()) {
      throw Fields.wrongType(path, A_SCHEMA, schema);
    }
    new SchemaCheck(schema).schema(schema, path);
  }

  private void schema(JsonNode schema, String path) {
    if (schema.isBoolean()) {
      return;
    }
    if (!schema.isObject()) {
      throw Fields.wrongType(path, A_SCHEMA, schema);
    }
    type(schema.get("type"), path + ".type");
    values(schema, path);
    reference(schema.get("$ref"), path + ".$ref");
    for (var keyword : BY_NAME) {
      byName(schema.get(keyword), path + "." + keyword);
    }
    for (var keyword : ONE) {
      var inner = schema.get(keyword);
      if (inner != null) {
        schema(inner, path + "." + keyword);
      }
    }
    for (var keyword : SEVERAL) {
      several(schema.get(keyword), path + "." + keyword);
    }
    var items = schema.get("items");
    if (items != null && items.isArray()) {
      several(items, path + ".items");
    } else if (items != null) {
      schema(items, path + ".items");
    }
  }

  private static void type(@Nullable JsonNode type, String path) {
    if (type == null) {
      return;
    }
    boolean known =
        (type.isArray() && !type.isEmpty())
            ? type.valueStream().allMatch(each -> TYPES.contains(each.asText("")))
            : (type.isTextual() && TYPES.contains(type.textValue()));
    if (!known) {
      throw wrong(
          path, "must be object, array, string, number, integer, boolean, null, or some of them");
    }
  }

  private static void values(JsonNode schema, String path) {
    var values = schema.get("enum");
    if (values != null && (!values.isArray() || values.isEmpty())) {
      throw wrong(path + ".enum", "must be an array with at least one value");
    }
    var required = schema.get("required");
    if (required != null
        && !(required.isArray() && required.valueStream().allMatch(JsonNode::isTextual))) {
      throw wrong(path + ".required", "must be an array of names");
    }
  }

  private void byName(@Nullable JsonNode schemas, String path) {
    if (schemas == null) {
      return;
    }
    if (!schemas.isObject()) {
      throw Fields.wrongType(path, "an object of schemas", schemas);
    }
    for (var each : schemas.properties()) {
      schema(each.getValue(), path + "." + Fields.clip(each.getKey()));
    }
  }

  private void several(@Nullable JsonNode schemas, String path) {
    if (schemas == null) {
      return;
    }
    if (!schemas.isArray() || schemas.isEmpty()) {
      throw wrong(path, "must be an array with at least one schema");
    }
    int index = 0;
    for (var each : schemas) {
      schema(each, path + "[" + index++ + "]");
    }
  }

  /** What it refers to is not followed here, so that a schema may well refer to itself. */
  private void reference(@Nullable JsonNode reference, String path) {
    if (reference == null) {
      return;
    }
    var text = reference.isTextual() ? reference.textValue() : "";
    if (!text.startsWith("#") || !isThere(text.substring(1))) {
      throw wrong(path, "must refer to a part of this schema, as in #/$defs/name");
    }
  }

  private boolean isThere(String pointer) {
    try {
      var decoded = URLDecoder.decode(pointer.replace("+", "%2B"), StandardCharsets.UTF_8);
      return !root.at(JsonPointer.compile(decoded)).isMissingNode();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static ApiException wrong(String path, String what) {
    return new ApiException(ApiError.invalid(path, "invalid_schema", path + " " + what));
  }
}
