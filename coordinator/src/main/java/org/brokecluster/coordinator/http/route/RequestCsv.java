package org.brokecluster.coordinator.http.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.Collectors;
import org.brokecluster.protocol.history.HistoryProtocol;

/** Requests of the history as comma-separated values (RFC 4180). Pure. */
final class RequestCsv {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> COLUMNS =
      List.of(
          "at",
          "request",
          "state",
          "user",
          "role",
          "action",
          "class",
          "modelAsked",
          "model",
          "node",
          "tier",
          "strategy",
          "qualityTemperature",
          "rating",
          "attempts",
          "rescued",
          "promptTokens",
          "completionTokens",
          "cachedTokens",
          "queuedMs",
          "firstTokenMs",
          "totalMs",
          "decodeMs",
          "predictedFirstMs",
          "predictedTotalMs",
          "finishReason",
          "failure",
          "error");

  /** First line, with its end. */
  static final String HEADER = String.join(",", COLUMNS) + "\r\n";

  private RequestCsv() {}

  /** One line for each request, each with its end. */
  static String rows(HistoryProtocol.Page page) {
    var text = new StringBuilder();
    for (var item : page.items()) {
      var json = parsed(item);
      text.append(
              COLUMNS.stream().map(name -> cell(json.path(name))).collect(Collectors.joining(",")))
          .append("\r\n");
    }
    return text.toString();
  }

  /** A cell; one that a spreadsheet would take for a formula gets an apostrophe before it. */
  private static String cell(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "";
    }
    var text = value.asText();
    if (value.isTextual() && !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
      text = "'" + text;
    }
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
  }

  private static JsonNode parsed(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the history answered with something that is not JSON", e);
    }
  }
}
