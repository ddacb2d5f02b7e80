package org.brokecluster.coordinator.cli.installation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.doctor.Finding;

/** Judges how the history is doing by what the cluster says of itself. Pure. */
final class HistoryCheck {
  private HistoryCheck() {}

  /** Nothing where no router speaks, which is a finding of its own. */
  static Optional<Finding> finding(JsonNode status) {
    var state = Json.text(status, "history");
    var place = Json.find(status, "historyPlace").map(JsonNode::asText).orElse("");
    var trouble = Json.find(status, "historyTrouble").map(JsonNode::asText);
    return switch (state) {
      case "ok" -> Optional.of(Finding.ok("history", place));
      case "off", "behind" ->
          Optional.of(
              Finding.note(
                  "history",
                  "%s, %d events not yet stored; answers go on"
                      .formatted(state, Json.number(status, "historyBacklog").orElse(0)),
                  trouble.orElse("")));
      case "gap" ->
          Optional.of(
              Finding.note(
                  "history",
                  "%d events were lost while it could not be written; it is written again"
                      .formatted(Json.number(status, "historyLost").orElse(0)),
                  ""));
      default -> Optional.empty();
    };
  }
}
