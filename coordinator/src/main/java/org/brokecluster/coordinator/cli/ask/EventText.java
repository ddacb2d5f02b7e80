package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
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
          "%s, about %s prompt tokens, complexity %s"
              .formatted(
                  at(event, "facts.model"),
                  at(event, "facts.promptTokens"),
                  Json.score(
                      event, "facts.profile.taskComplexity", "facts.profile.promptComplexity"));
      case "decided" ->
          "%s on %s by %s, whole after %s"
              .formatted(
                  at(event, "placement.model"),
                  at(event, "placement.node"),
                  at(event, "placement.strategy"),
                  Json.millis(event, "placement.finishMs"));
      case "queued" -> "waits at place " + at(event, "position");
      case "refused" -> at(event, "reason") + ": " + at(event, "message");
      case "started" -> "on " + at(event, "node");
      case "completed" -> completed(event.path("report"));
      case "failed" -> at(event, "report.node") + ": " + at(event, "report.error");
      case "handed-over" -> at(event, "report.node") + " is leaving, it goes on elsewhere";
      case "cancelled" -> "by the client after " + Json.millis(event, "report.totalMs");
      case "node-changed" -> at(event, "node") + " " + at(event, "change");
      case "rated" -> rated(event);
      case "strategy-changed" -> "to " + at(event, "strategy");
      default -> other(event);
    };
  }

  /** A rating, or what an agent saw come of the answer, which is none. */
  private static String rated(JsonNode event) {
    int score = event.path("score").asInt();
    if (event.path("outcome").asBoolean()) {
      return score == Rated.BEST ? "an agent saw it succeed" : "an agent saw it fail";
    }
    return score + " of 5";
  }

  private static String completed(JsonNode report) {
    return "%s on %s, %s answer tokens, first after %s, whole after %s"
        .formatted(
            at(report, "model"),
            at(report, "node"),
            Json.text(report, "usage.completionTokens", "usage.completion_tokens"),
            Json.millis(report, "firstTokenMs"),
            Json.millis(report, "totalMs"));
  }

  private static String other(JsonNode event) {
    var text = event.toString();
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  private static String at(JsonNode event, String name) {
    return Json.text(event, name);
  }
}
