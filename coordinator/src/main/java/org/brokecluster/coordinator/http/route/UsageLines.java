package org.brokecluster.coordinator.http.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.brokecluster.protocol.history.HistoryProtocol;

/**
 * Requests of the history as a usage log: who used what and how much of it, a line of JSON each.
 * What nobody knows is left out. Pure.
 */
final class UsageLines {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Names in the log by those in the history. */
  private static final Map<String, String> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put("at", "at");
    NAMES.put("request", "request");
    NAMES.put("user", "user");
    NAMES.put("tier", "tier");
    NAMES.put("model", "model");
    NAMES.put("action", "action");
    NAMES.put("promptTokens", "prompt_tokens");
    NAMES.put("completionTokens", "completion_tokens");
    NAMES.put("cachedTokens", "cached_tokens");
    NAMES.put("totalMs", "ms");
    NAMES.put("rating", "rating");
    NAMES.put("state", "status");
  }

  private UsageLines() {}

  /** One line for each request, each with its end. */
  static String of(HistoryProtocol.Page page) {
    var text = new StringBuilder();
    for (var item : page.items()) {
      text.append(line(item)).append('\n');
    }
    return text.toString();
  }

  private static ObjectNode line(String item) {
    try {
      JsonNode json = MAPPER.readTree(item);
      var line = MAPPER.createObjectNode();
      NAMES.forEach(
          (name, inLog) -> {
            if (json.hasNonNull(name)) {
              line.set(inLog, json.path(name));
            }
          });
      return line;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the history answered with something that is not JSON", e);
    }
  }
}
