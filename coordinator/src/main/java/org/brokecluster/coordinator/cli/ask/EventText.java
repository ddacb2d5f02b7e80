package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.history.event.RoutingEvent.Rated;

/** One routing event in a few words. An event of a later version is shown by its fields. Pure. */
final class EventText {
  private EventText() {}

  static String of(JsonNode event) {
    return switch (Json.text(event, "type")) {
      case "term-started" ->
          "router of term %s on %s, strategy %s"
              .formatted(at(event, "term"), at(event, "coordinator"), at(event, "strategy"));
      case "received" ->
          "%s%s, about %s prompt tokens, complexity %s"
              .formatted(
                  at(event, "facts.model"),
                  wish(event),
                  at(event, "facts.promptTokens"),
                  Json.score(
                      event, "facts.profile.taskComplexity", "facts.profile.promptComplexity"));
      case "decided" ->
          "%s on %s by %s, expected whole after %s"
              .formatted(
                  at(event, "placement.model"),
                  at(event, "placement.node"),
                  at(event, "placement.strategy"),
                  Json.millis(event, "placement.finishMs"));
      case "queued" -> "waits at place " + at(event, "position");
      case "refused" -> "no place: " + at(event, "message") + code(event);
      case "started" -> "on " + at(event, "node");
      case "completed" -> completed(event.path("report"));
      case "failed" -> failed(event.path("report"));
      case "handed-over" -> handedOver(event.path("report"));
      case "cancelled" ->
          "by the client after " + Json.millis(event, "report.totalMs") + had(event.path("report"));
      case "node-changed" -> at(event, "node") + " " + at(event, "change");
      case "rated" -> rated(event);
      case "strategy-changed" -> "to " + at(event, "strategy");
      default -> other(event);
    };
  }

  private static String wish(JsonNode event) {
    var tier = Json.find(event, "facts.wishes.tier").map(JsonNode::asText);
    var node = Json.find(event, "facts.wishes.node").map(JsonNode::asText);
    return tier.map(", tier %s wished"::formatted).orElse("")
        + node.map(", on %s only"::formatted).orElse("");
  }

  private static String code(JsonNode event) {
    return " (" + at(event, "reason").toLowerCase(Locale.ROOT) + ")";
  }

  private static String completed(JsonNode report) {
    return "%s on %s%s, %s answer tokens, first after %s, whole after %s"
        .formatted(
            at(report, "model"),
            at(report, "node"),
            wentOn(report),
            Json.text(report, "usage.completionTokens", "usage.completion_tokens"),
            Json.millis(report, "firstTokenMs"),
            Json.millis(report, "totalMs"));
  }

  private static String failed(JsonNode report) {
    var error = at(report, "error");
    if (Json.find(report, "node").isPresent()) {
      return "%s: %s after %s%s%s"
          .formatted(
              at(report, "node"),
              error,
              Json.millis(report, "totalMs"),
              wentOn(report),
              had(report));
    }
    return "given up without a node after %s, the client was told %s%s"
        .formatted(Json.millis(report, "totalMs"), error, had(report));
  }

  private static String handedOver(JsonNode report) {
    var node = at(report, "node");
    var why =
        switch (at(report, "error")) {
          case "node_leaving" -> node + " is leaving or drained";
          case "first_token_late" ->
              "no first token from " + node + " yet, another node is quicker";
          default -> node + ": " + at(report, "error");
        };
    return why + "; it goes on elsewhere" + had(report);
  }

  private static String wentOn(JsonNode report) {
    return Json.find(report, "resumed")
        .map(way -> " (went on by %s)".formatted(way.asText().toLowerCase(Locale.ROOT)))
        .orElse("");
  }

  /** What had been made of the answer by then; nothing where that is nothing, or not known. */
  private static String had(JsonNode report) {
    return tokens(report).map(", %s tokens made"::formatted).orElse("");
  }

  private static Optional<Long> tokens(JsonNode report) {
    long tokens =
        Json.number(report, "usage.completionTokens", "usage.completion_tokens").orElse(0);
    return tokens == 0 ? Optional.empty() : Optional.of(tokens);
  }

  /** A rating, or what an agent saw come of the answer, which is none. */
  private static String rated(JsonNode event) {
    int score = event.path("score").asInt();
    if (event.path("outcome").asBoolean()) {
      return score == Rated.BEST ? "an agent saw it succeed" : "an agent saw it fail";
    }
    return score + " of 5";
  }

  private static String other(JsonNode event) {
    var text = event.toString();
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  private static String at(JsonNode event, String name) {
    return Json.text(event, name);
  }
}
