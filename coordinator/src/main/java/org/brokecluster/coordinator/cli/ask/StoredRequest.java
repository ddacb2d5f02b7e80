package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Table;

/** A request as the history has it. */
final class StoredRequest {
  private StoredRequest() {}

  /**
   * What happened, and the best candidates of each decision: for a request of which the router has
   * forgotten the others.
   */
  static String render(JsonNode document, ZoneId zone) {
    var line = System.lineSeparator();
    var decisions = new StringBuilder();
    for (var entry : Json.list(document.path("events"))) {
      var event = event(entry);
      if (Json.text(event, "type").equals("decided")) {
        decisions
            .append(line)
            .append("attempt %s: ".formatted(Json.text(event, "attempt.number")))
            .append(EventText.of(event))
            .append(line);
        Json.find(event, "byPlan")
            .ifPresent(plan -> decisions.append(DecisionText.byPlan(plan)).append(line));
        decisions.append(CandidateTable.render(event));
      }
    }
    return events(document, zone) + decisions;
  }

  /** What happened. */
  static String events(JsonNode document, ZoneId zone) {
    var table = new Table("time", "event", "what");
    for (var entry : Json.list(document.path("events"))) {
      var event = event(entry);
      table.row(
          Figures.time(Json.text(event, "at"), zone),
          Json.text(event, "type"),
          EventText.of(event));
    }
    return table.renderOr("nothing more is recorded");
  }

  private static JsonNode event(JsonNode entry) {
    return Json.find(entry, "event").filter(JsonNode::isObject).orElse(entry);
  }
}
