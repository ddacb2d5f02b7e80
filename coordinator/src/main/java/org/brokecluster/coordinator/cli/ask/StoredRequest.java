package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Table;
import org.jspecify.annotations.Nullable;

/** A request as the history has it. */
final class StoredRequest {
  private static final String FORGOTTEN =
      "The router that decided this has forgotten it (a restart, another coordinator, or too many%n"
          + "requests since). Kept are the best candidates of each decision with their scores; what%n"
          + "would have turned it, the parts of a score, and the target tier are not.%n";

  private StoredRequest() {}

  /**
   * What became of it, and the best candidates of each decision: for a request of which the router
   * has forgotten the others.
   */
  static String render(JsonNode document, ZoneId zone) {
    return Outcome.of(document)
        + decisions(document, null)
        + System.lineSeparator()
        + events(document, zone)
        + (decided(document).isEmpty() ? "" : System.lineSeparator() + FORGOTTEN.formatted());
  }

  /**
   * The same with one decision in full, which the router still has.
   *
   * @param decision as the router explains it
   */
  static String render(JsonNode document, JsonNode decision, ZoneId zone) {
    return Outcome.of(document)
        + decisions(document, decision)
        + System.lineSeparator()
        + events(document, zone);
  }

  private static String decisions(JsonNode document, @Nullable JsonNode full) {
    var line = System.lineSeparator();
    var text = new StringBuilder();
    for (var event : decided(document)) {
      var number = Json.text(event, "attempt.number");
      if (full != null && number.equals(Json.text(full, "attempt"))) {
        continue;
      }
      text.append(line)
          .append("attempt %s, decided: ".formatted(number))
          .append(choice(event))
          .append(dropped(document, number))
          .append(line);
      Json.find(event, "byPlan")
          .ifPresent(plan -> text.append(DecisionText.byPlan(plan)).append(line));
      text.append(CandidateTable.render(event));
    }
    if (full != null) {
      var number = Json.text(full, "attempt");
      text.append(line)
          .append("attempt %s, decided".formatted(number))
          .append(dropped(document, number))
          .append(": ")
          .append(DecisionText.of(full));
    }
    return text.toString();
  }

  private static String choice(JsonNode event) {
    var placement = event.path("placement");
    var promised = DecisionText.promise(placement.path("promise"));
    return "%s on %s (%s) by %s, risk %s; expected first token after %s, whole after %s%s"
        .formatted(
            Json.text(placement, "model"),
            Json.text(placement, "node"),
            Json.text(placement, "tier"),
            Json.text(placement, "strategy"),
            DecisionText.risk(placement, "qualityTemperature"),
            Json.millis(placement, "firstTokenMs"),
            Json.millis(placement, "finishMs"),
            promised.isEmpty() ? "" : System.lineSeparator() + promised.strip());
  }

  /** Says of an attempt beside another one that it came to nothing; else nothing. */
  private static String dropped(JsonNode document, String number) {
    var last = ends(document).stream().filter(report -> Json.flag(report, "last")).findFirst();
    boolean ended =
        ends(document).stream()
            .anyMatch(report -> Json.text(report, "attempt.number").equals(number));
    return last.isEmpty() || ended
        ? ""
        : " (it was to take over, and was dropped: attempt %s gave the answer)"
            .formatted(Json.text(last.get(), "attempt.number"));
  }

  /** The reports of attempts' ends, in order. */
  static List<JsonNode> ends(JsonNode document) {
    return Json.list(document.path("events")).stream()
        .map(entry -> event(entry).path("report"))
        .filter(JsonNode::isObject)
        .toList();
  }

  private static List<JsonNode> decided(JsonNode document) {
    return Json.list(document.path("events")).stream()
        .map(StoredRequest::event)
        .filter(event -> Json.text(event, "type").equals("decided"))
        .toList();
  }

  /** The facts of the call, if they are recorded. */
  static Optional<JsonNode> facts(JsonNode document) {
    return Json.list(document.path("events")).stream()
        .map(StoredRequest::event)
        .filter(event -> Json.text(event, "type").equals("received"))
        .map(event -> event.path("facts"))
        .findFirst();
  }

  /** What happened. */
  private static String events(JsonNode document, ZoneId zone) {
    var table = new Table("time", "event", ">attempt", "what");
    for (var entry : Json.list(document.path("events"))) {
      var event = event(entry);
      table.row(
          Figures.time(Json.text(event, "at"), zone),
          Json.text(event, "type"),
          Json.text(event, "attempt.number", "report.attempt.number"),
          EventText.of(event));
    }
    return table.withoutSilentColumns().renderOr("nothing more is recorded");
  }

  private static JsonNode event(JsonNode entry) {
    return Json.find(entry, "event").filter(JsonNode::isObject).orElse(entry);
  }
}
