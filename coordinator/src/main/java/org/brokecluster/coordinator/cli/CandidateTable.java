package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;

/** Shows the candidates of a decision and why each won or lost; for route and explain. Pure. */
final class CandidateTable {
  private CandidateTable() {}

  /** The candidates and, after them, the rest as counts by reason. */
  static String render(JsonNode decision) {
    var table =
        new Table(
            "model",
            "node",
            "state",
            ">score",
            ">quality",
            ">first",
            ">whole",
            ">cached",
            ">harm",
            "why");
    for (var candidate : Json.list(decision, "candidates", "best")) {
      table.row(
          Json.text(candidate, "model"),
          Json.text(candidate, "node"),
          Json.text(candidate, "state"),
          Json.score(candidate, "score"),
          Json.score(candidate, "quality"),
          Json.millis(candidate, "firstTokenMs"),
          Json.millis(candidate, "finishMs"),
          Json.text(candidate, "times.cachedTokens"),
          Json.millis(candidate, "times.harmMs"),
          why(candidate));
    }
    return table.renderOr("no candidate") + rest(decision) + omitted(decision);
  }

  private static String why(JsonNode candidate) {
    var why = Json.text(candidate, "why", "note");
    return Json.find(candidate, "learned").map(each -> why + "; " + each.asText()).orElse(why);
  }

  private static String omitted(JsonNode decision) {
    long omitted = Json.number(decision, "omitted").orElse(0);
    return omitted == 0 ? "" : omitted + " further candidates are not shown%n".formatted();
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
}
