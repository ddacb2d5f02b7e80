package org.brokecluster.node.runtime.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The outermost fields of a client's body and where their values lie in it, so that large ones can
 * be handed on byte by byte. Fields that are null and our own are left out. Not thread safe.
 */
public final class BodyFields {
  private static final Set<String> OURS = Set.of("broke", "broke_fault", "fallbacks");
  private static final JsonMapper MAPPER = mapper();

  private final byte[] body;
  private final Map<String, Slice> slices = new LinkedHashMap<>();

  /**
   * Where a value lies.
   *
   * @param from its first byte
   * @param to the byte behind it
   */
  public record Slice(int from, int to) {
    /** Its length in bytes. */
    public int length() {
      return to - from;
    }
  }

  private BodyFields(byte[] body) {
    this.body = body;
  }

  /**
   * Finds the fields.
   *
   * @throws RequestRefusal if the body is no JSON object; its message is free of the body's text
   */
  public static BodyFields of(byte[] body) throws RequestRefusal {
    var fields = new BodyFields(body);
    try (var parser = MAPPER.getFactory().createParser(body)) {
      fields.find(parser);
    } catch (JsonProcessingException e) {
      throw RequestRefusal.malformed("the body is not valid JSON");
    } catch (IOException e) {
      throw RequestRefusal.malformed("the body cannot be read");
    }
    return fields;
  }

  /** The mapper for parts of a body: texts of any length, depth as the edge allows it. */
  public static JsonMapper mapper() {
    var limits = StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build();
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(limits).build()).build();
  }

  private void find(JsonParser parser) throws IOException, RequestRefusal {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw RequestRefusal.malformed("the body is not a JSON object");
    }
    var token = parser.nextToken();
    while (token == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      boolean isNull = parser.nextToken() == JsonToken.VALUE_NULL;
      int from = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      token = parser.nextToken();
      int to = endBefore((int) parser.currentTokenLocation().getByteOffset());
      if (isNull || OURS.contains(name)) {
        slices.remove(name);
      } else {
        slices.put(name, new Slice(from, to));
      }
    }
  }

  /** Where a value ends that is followed by a comma or brace at or before this place. */
  private int endBefore(int next) {
    int end = next;
    while (isBetweenValues(body[end - 1])) {
      end--;
    }
    return end;
  }

  private static boolean isBetweenValues(byte sign) {
    return sign == ',' || sign == ' ' || sign == '\n' || sign == '\r' || sign == '\t';
  }

  /** The body itself. */
  public byte[] body() {
    return body;
  }

  /** The fields that are left, in the client's order. */
  public Map<String, Slice> slices() {
    return slices;
  }

  /** Whether a field is there. */
  public boolean has(String name) {
    return slices.containsKey(name);
  }

  /** Leaves a field out. */
  public void drop(String name) {
    slices.remove(name);
  }

  /** A field as a tree; missing if it is not there. */
  public JsonNode node(String name) {
    var slice = slices.get(name);
    try {
      return slice == null
          ? MissingNode.getInstance()
          : MAPPER.readTree(body, slice.from, slice.length());
    } catch (IOException e) {
      throw new IllegalStateException("a field that was valid before: " + name, e);
    }
  }

  /** Whether a field says more than that nothing is wanted. */
  public boolean wanted(String name) {
    return wanted(node(name));
  }

  /** Whether a value says more than that nothing is wanted; one that is missing does not. */
  public static boolean wanted(JsonNode node) {
    if (node.isNumber()) {
      return node.doubleValue() != 0;
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isNull()) {
      return false;
    }
    return node.isContainerNode() ? !node.isEmpty() : !node.asText("").isEmpty();
  }

  /** A text, or null if there is none. */
  public @Nullable String text(String name) throws RequestRefusal {
    var node = node(name);
    if (node.isMissingNode()) {
      return null;
    }
    if (!node.isTextual()) {
      throw RequestRefusal.invalid(name, "invalid_type", name + " must be a string");
    }
    return node.textValue();
  }

  /** A number within both bounds. */
  public OptionalDouble number(String name, double min, double max) throws RequestRefusal {
    var node = node(name);
    if (node.isMissingNode()) {
      return OptionalDouble.empty();
    }
    if (!node.isNumber()) {
      throw RequestRefusal.invalid(name, "invalid_type", name + " must be a number");
    }
    double value = node.doubleValue();
    if (!(value >= min && value <= max)) {
      throw RequestRefusal.invalid(
          name,
          "out_of_range",
          "%s must be between %s and %s".formatted(name, plain(min), plain(max)));
    }
    return OptionalDouble.of(value);
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  /** A whole number of any size; 1.0 is one. */
  public OptionalLong whole(String name) throws RequestRefusal {
    var node = node(name);
    if (node.isMissingNode()) {
      return OptionalLong.empty();
    }
    if (!node.isNumber() || node.doubleValue() != Math.rint(node.doubleValue())) {
      throw RequestRefusal.invalid(name, "invalid_type", name + " must be an integer");
    }
    return OptionalLong.of(node.canConvertToLong() ? node.longValue() : node.hashCode());
  }

  /** The client's limit for the answer by its new or its old name; the smaller of both. */
  public OptionalInt answerLimit() throws RequestRefusal {
    var limit = OptionalInt.empty();
    for (var name : new String[] {"max_completion_tokens", "max_tokens"}) {
      var value = whole(name);
      if (value.isPresent()) {
        long tokens = value.getAsLong();
        if (tokens < 1) {
          throw RequestRefusal.invalid(name, "out_of_range", name + " must be at least 1");
        }
        int bounded = (int) Math.min(tokens, Integer.MAX_VALUE);
        limit = OptionalInt.of(Math.min(bounded, limit.orElse(bounded)));
      }
    }
    return limit;
  }

  /** Shows names only. */
  @Override
  public String toString() {
    return "BodyFields" + slices.keySet();
  }
}
