package org.brokecluster.coordinator.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client asks for beyond OpenAI's API: {@code x-broke-*} headers, else the field of
 * the same name in the body's {@code broke} object, else, for fallbacks and user, the body's own
 * field.
 */
final class ExtrasReader {
  /** What every header of ours begins with. */
  static final String PREFIX = "x-broke-";

  private static final String BROKE = "broke";
  private static final String FALLBACKS = "fallbacks";
  private static final int FALLBACKS_MAX = 8;
  private static final int NAME_MAX = 128;
  private static final int DEPTH_MAX = 1_000;

  /** Everything that can be asked for, as it follows {@link #PREFIX}. */
  static final Set<String> NAMES =
      Set.of(
          "strategy",
          "tier",
          "action",
          "role",
          "framework",
          "depth",
          "prior-score",
          "session",
          "user",
          "class",
          "max-seconds",
          "node",
          "rescue",
          "keep",
          "explain",
          "parameters",
          FALLBACKS);

  private final Map<String, String> headers;
  private final ObjectNode body;
  private final ObjectNode object;

  /**
   * Over one call.
   *
   * @param headers values of the {@code x-broke-*} headers by their lower-case name
   */
  ExtrasReader(Map<String, String> headers, ObjectNode body) {
    this.headers = headers;
    this.body = body;
    this.object = object(body);
  }

  /**
   * What was asked for.
   *
   * @param trustUser whether the client may say who it is
   */
  Extras read(boolean trustUser) {
    if (headers.isEmpty() && object.isEmpty() && !body.has(FALLBACKS) && !body.has("user")) {
      return Extras.NONE;
    }
    refuseUnknown();
    return new Extras(
        wishes(trustUser),
        flag("explain", false),
        whole("keep", 0, Extras.KEEP_MAX, 0),
        optionalWhole("max-seconds", 1, Extras.MAX_SECONDS_MAX),
        rescue(),
        flag("parameters", true));
  }

  private Wishes wishes(boolean trustUser) {
    return new Wishes(
        name("strategy"),
        tier(),
        node(),
        name("action"),
        name("role"),
        name("framework"),
        optionalWhole("depth", 0, DEPTH_MAX),
        score(),
        name("session"),
        trustUser ? user() : null,
        trafficClass(),
        fallbacks());
  }

  private static ObjectNode object(ObjectNode body) {
    var node = body.get(BROKE);
    if (node == null || node.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (node instanceof ObjectNode object) {
      return normalized(object);
    }
    throw Fields.wrongType(BROKE, "an object", node);
  }

  /** In the body, {@code prior_score} is as good as {@code prior-score}. */
  private static ObjectNode normalized(ObjectNode object) {
    var result = JsonNodeFactory.instance.objectNode();
    for (var field : object.properties()) {
      if (!field.getValue().isNull()) {
        result.set(field.getKey().replace('_', '-'), field.getValue());
      }
    }
    return result;
  }

  private void refuseUnknown() {
    Fields.of(object, BROKE).knownOnly(NAMES);
    for (var header : headers.keySet()) {
      if (!NAMES.contains(header.substring(PREFIX.length())) || header.endsWith(FALLBACKS)) {
        var known = new TreeSet<>(NAMES);
        known.remove(FALLBACKS);
        var name = header.length() <= 64 ? header : header.substring(0, 64);
        var message =
            "unknown request header %s; known are %s%s"
                .formatted(name, PREFIX, String.join(", " + PREFIX, known));
        throw new ApiException(ApiError.invalid(name, "unknown_header", message));
      }
    }
  }

  private @Nullable Tier tier() {
    var label = value("tier");
    return label == null
        ? null
        : Tier.parse(label).orElseThrow(() -> wrong("tier", "must be basic, balanced or premium"));
  }

  private @Nullable NodeId node() {
    var name = value("node");
    if (name == null) {
      return null;
    }
    try {
      return NodeId.of(name);
    } catch (IllegalArgumentException e) {
      throw wrong("node", "must be the name of a node: lower-case letters, digits, . _ -");
    }
  }

  private TrafficClass trafficClass() {
    var label = value("class");
    return label == null
        ? TrafficClass.INTERACTIVE
        : TrafficClass.parse(label)
            .orElseThrow(() -> wrong("class", "must be interactive, agent or batch"));
  }

  private Rescue rescue() {
    var word = value("rescue");
    if (word == null) {
      return Rescue.BEST_EFFORT;
    }
    return switch (word) {
      case "strict" -> Rescue.STRICT;
      case "best-effort" -> Rescue.BEST_EFFORT;
      default -> throw wrong("rescue", "must be strict or best-effort");
    };
  }

  private @Nullable Double score() {
    var text = value("prior-score");
    if (text == null) {
      return null;
    }
    try {
      double score = Double.parseDouble(text);
      if (score >= 0 && score <= 1) {
        return score;
      }
      throw wrong("prior-score", "must be between 0 and 1");
    } catch (NumberFormatException e) {
      throw wrong("prior-score", "must be a number between 0 and 1");
    }
  }

  private @Nullable String user() {
    var user = name("user");
    if (user != null) {
      return user;
    }
    var own = Fields.of(body).text("user");
    return own == null || own.isBlank() || own.length() > NAME_MAX ? null : own;
  }

  private boolean flag(String name, boolean absent) {
    var text = value(name);
    if (text == null) {
      return absent;
    }
    return switch (text) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw wrong(name, "must be true or false");
    };
  }

  private int whole(String name, int min, int max, int absent) {
    var value = optionalWhole(name, min, max);
    return value == null ? absent : value;
  }

  private @Nullable Integer optionalWhole(String name, int min, int max) {
    var text = value(name);
    if (text == null) {
      return null;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw wrong(name, "must be a whole number between " + min + " and " + max);
    }
    throw wrong(name, "must be between " + min + " and " + max);
  }

  /** A name that may travel and be shown: short, and without control characters. */
  private @Nullable String name(String name) {
    var text = value(name);
    if (text == null) {
      return null;
    }
    if (text.length() > NAME_MAX || text.chars().anyMatch(Character::isISOControl)) {
      throw wrong(name, "must be at most " + NAME_MAX + " characters, without control characters");
    }
    return text;
  }

  private List<String> fallbacks() {
    var node = object.has(FALLBACKS) ? object.get(FALLBACKS) : body.get(FALLBACKS);
    if (node == null || node.isNull()) {
      return List.of();
    }
    if (!node.isArray()) {
      throw Fields.wrongType(FALLBACKS, "an array of model names", node);
    }
    if (node.size() > FALLBACKS_MAX) {
      throw Fields.of(body)
          .invalid(FALLBACKS, "array_too_long", "must have at most " + FALLBACKS_MAX + " models");
    }
    var models = new ArrayList<String>();
    for (var model : node) {
      models.add(fallback(model));
    }
    return models;
  }

  private String fallback(JsonNode model) {
    var name = model.textValue();
    if (name == null || name.isBlank() || name.length() > ModelField.NAME_MAX) {
      throw Fields.of(body)
          .invalid(
              FALLBACKS,
              "invalid_value",
              "must be names of at most " + ModelField.NAME_MAX + " characters");
    }
    return name;
  }

  /** The header, else the field of the object as text; blank counts as absent. */
  private @Nullable String value(String name) {
    var header = headers.get(PREFIX + name);
    if (header != null) {
      return header.isBlank() ? null : header.strip();
    }
    var node = object.get(name);
    if (node == null) {
      return null;
    }
    if (!node.isValueNode()) {
      throw Fields.wrongType(BROKE + "." + name, "a single value", node);
    }
    return node.asText().isBlank() ? null : node.asText().strip();
  }

  private ApiException wrong(String name, String what) {
    var where = headers.containsKey(PREFIX + name) ? PREFIX + name : BROKE + "." + name;
    return new ApiException(ApiError.invalid(where, "invalid_value", where + " " + what));
  }
}
