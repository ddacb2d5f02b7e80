package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;

/** Shows the candidates of a decision and why each won or lost; for route and explain. Pure. */
final class CandidateTable {
  private CandidateTable() {}

  /** The candidates and, after them, the rest as counts by reason. */
  static String render(JsonNode decision) {
    var table = new Table("model", "node", ">score", ">quality", ">first token", ">finish", "why");
    for (var candidate : Json.list(decision, "candidates", "best")) {
      table.row(
          Json.text(candidate, "model"),
          Json.text(candidate, "node"),
          Json.score(candidate, "score"),
          Json.score(candidate, "quality"),
          Json.millis(candidate, "firstTokenMs"),
          Json.millis(candidate, "finishMs"),
          Json.text(candidate, "note", "reason", "why"));
    }
    return table.renderOr("no candidate") + rest(decision);
  }

  private static String rest(JsonNode decision) {
    var lost = Json.find(decision, "lost").filter(JsonNode::isObject);
    if (lost.isEmpty() || lost.get().isEmpty()) {
      return "";
    }
    var counts =
        lost.get().properties().stream()
            .map(reason -> reason.getValue().asText() + " × " + reason.getKey())
            .sorted()
            .collect(Collectors.joining(", "));
    return "further candidates fell out: " + counts + System.lineSeparator();
  }

  /** The choice in one sentence. */
  static String choice(JsonNode decision) {
    var placement = Json.find(decision, "placement", "chosen", "choice").orElse(decision);
    if (Json.find(placement, "node").isEmpty()) {
      var why = Json.text(decision, "message", "refused", "refusal", "reason", "outcome");
      return "nowhere: " + why + System.lineSeparator();
    }
    var line = new StringBuilder();
    line.append(Json.text(placement, "model")).append(" on ").append(Json.text(placement, "node"));
    line.append(" (").append(Json.text(placement, "tier")).append(", strategy ");
    line.append(Json.text(placement, "strategy")).append(')');
    line.append(", first token after ").append(Json.millis(placement, "firstTokenMs"));
    line.append(", finished after ").append(Json.millis(placement, "finishMs"));
    line.append(", quality temperature ");
    line.append(Json.score(placement, "qualityTemperature", "quality"));
    return line.append(System.lineSeparator()).toString();
  }
}
