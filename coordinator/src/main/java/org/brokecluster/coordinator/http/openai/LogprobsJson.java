package org.brokecluster.coordinator.http.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.brokecluster.coordinator.http.json.JsonBytes;

/**
 * Joins the log probabilities of all chunks into one object: arrays of the same name are appended
 * to each other, whichever of OpenAI's two forms they have. A piece that is no JSON object is left
 * out: an answer is worth more than its statistics.
 */
final class LogprobsJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private LogprobsJson() {}

  /** Writes the joined object, or {@code null} if there are no pieces. */
  static void merge(List<String> pieces, JsonBytes out) {
    var merged = JsonNodeFactory.instance.objectNode();
    for (var piece : pieces) {
      if (parse(piece) instanceof ObjectNode object) {
        object.properties().forEach(field -> append(merged, field.getKey(), field.getValue()));
      }
    }
    if (merged.isEmpty()) {
      out.raw("null");
    } else {
      out.json(merged.toString());
    }
  }

  private static void append(ObjectNode merged, String name, JsonNode value) {
    if (merged.get(name) instanceof ArrayNode known && value instanceof ArrayNode more) {
      known.addAll(more);
    } else if (!merged.hasNonNull(name)) {
      merged.set(name, value);
    }
  }

  private static JsonNode parse(String piece) {
    try {
      return MAPPER.readTree(piece);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.missingNode();
    }
  }
}
