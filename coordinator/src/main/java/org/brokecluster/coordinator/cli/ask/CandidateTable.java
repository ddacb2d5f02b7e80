package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Table;
import org.brokecluster.coordinator.routing.filter.Verdict;

/** Shows the candidates of a decision and why each won or lost; for route and explain. */
final class CandidateTable {
  private CandidateTable() {}

  /** The candidates and, after them, the rest as counts by reason. */
  static String render(JsonNode decision) {
    var table =
        new Table(
            "model", "node", "state", ">score", ">risk", ">first", ">whole", ">cached", ">harm",
            "why");
    var candidates = Json.list(decision, "candidates", "best");
    for (var candidate : candidates) {
      table.row(
          Json.text(candidate, "model"),
          Json.text(candidate, "node"),
          Json.text(candidate, "state"),
          Json.score(candidate, "score"),
          Json.score(candidate, "quality"),
          Json.millis(candidate, "firstTokenMs"),
          Json.millis(candidate, "finishMs"),
          isZero(candidate, "times.cachedTokens")
              ? "-"
              : Json.text(candidate, "times.cachedTokens"),
          isZero(candidate, "times.harmMs") ? "-" : Json.millis(candidate, "times.harmMs"),
          why(candidate, candidates.get(0)));
    }
    return table.withoutSilentColumns().renderOr("no candidate")
        + rest(decision)
        + omitted(decision);
  }

  private static boolean isZero(JsonNode candidate, String name) {
    return Json.number(candidate, name).orElse(0) == 0;
  }

  private static String why(JsonNode candidate, JsonNode best) {
    var why = Json.find(candidate, "why").map(JsonNode::asText).orElse(noted(candidate, best));
    return Json.find(candidate, "learned").map(each -> why + "; " + each.asText()).orElse(why);
  }

  /** What the history keeps: the reason by its label, and the scores. */
  private static String noted(JsonNode candidate, JsonNode best) {
    double behind =
        Json.decimal(best, "score").orElse(0) - Json.decimal(candidate, "score").orElse(0);
    var words = words(Json.text(candidate, "note"));
    return candidate.equals(best)
        ? words
        : String.format(Locale.ROOT, "%.3f behind: %s", Math.max(0, behind), words);
  }

  /** What a label stands for; a label of a later version as it is. */
  private static String words(String label) {
    return Arrays.stream(Verdict.values())
        .filter(verdict -> verdict.label().equals(label))
        .map(Verdict::why)
        .findFirst()
        .orElse(label);
  }

  private static String omitted(JsonNode decision) {
    long omitted = Json.number(decision, "omitted").orElse(0);
    return omitted == 0 ? "" : "%d further candidates are not shown%n".formatted(omitted);
  }

  private static String rest(JsonNode decision) {
    var lost = Json.find(decision, "lost").filter(JsonNode::isObject);
    if (lost.isEmpty() || lost.get().isEmpty()) {
      return "";
    }
    var counts =
        lost.get().properties().stream()
            .map(reason -> reason.getValue().asText() + " × " + words(reason.getKey()))
            .sorted()
            .collect(Collectors.joining(", "));
    return "further candidates fell out: " + counts + System.lineSeparator();
  }
}
