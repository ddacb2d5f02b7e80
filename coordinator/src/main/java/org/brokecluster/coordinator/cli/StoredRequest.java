package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;

/**
 * A request as the history has it, shown when the router no longer remembers all candidates: what
 * happened, and the best candidates of each decision. Pure.
 */
final class StoredRequest {
  private StoredRequest() {}

  static String render(JsonNode document, ZoneId zone) {
    var table = new Table("time", "event", "what");
    var decisions = new StringBuilder();
    for (var entry : Json.list(document.path("events"))) {
      var event = Json.find(entry, "event").filter(JsonNode::isObject).orElse(entry);
      var type = Json.text(event, "type");
      table.row(Clock.time(Json.text(event, "at"), zone), type, HistoryText.of(event));
      if (type.equals("decided")) {
        decisions.append(System.lineSeparator());
        Json.find(event, "byPlan")
            .ifPresent(
                plan -> decisions.append(DecisionText.byPlan(plan)).append(System.lineSeparator()));
        decisions.append(CandidateTable.render(event));
      }
    }
    return table.renderOr("nothing more is recorded") + decisions;
  }
}
