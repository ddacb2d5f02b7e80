package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.protocol.model.Tier;

/** What became of a request, in a line or two: from its summary and events in the history. Pure. */
final class Outcome {
  private Outcome() {}

  /** Ends with a line break. */
  static String of(JsonNode document) {
    var summary = document.path("summary");
    var words =
        switch (Json.text(summary, "state")) {
          case "completed" -> completed(summary);
          case "failed" ->
              "failed after %s: %s%s".formatted(whole(summary), error(summary), had(summary));
          case "cancelled" ->
              "cancelled by its client after %s%s".formatted(whole(summary), had(summary));
          case "refused" -> "refused, no node had it: " + error(summary);
          case "open" -> "under way";
          default -> Json.text(summary, "state");
        };
    return "request %s: %s%s%n%s"
        .formatted(Json.text(document, "request"), words, attempts(summary), wish(document));
  }

  private static String completed(JsonNode summary) {
    return "completed by %s on %s (%s), risk %s; first token after %s, whole after %s"
        .formatted(
            Json.text(summary, "model"),
            Json.text(summary, "node"),
            Json.text(summary, "tier"),
            DecisionText.risk(summary, "qualityTemperature"),
            Json.millis(summary, "firstTokenMs"),
            whole(summary));
  }

  private static String whole(JsonNode summary) {
    return Json.millis(summary, "totalMs");
  }

  /** The code the client was told, with what it means where the word alone does not say it. */
  private static String error(JsonNode summary) {
    var error = Json.text(summary, "error");
    return switch (error) {
      case "deadline_exceeded" -> error + " (it was allowed no longer)";
      case "node_lost" -> error + " (its node was lost, and nobody could go on)";
      default -> error;
    };
  }

  private static String had(JsonNode summary) {
    long tokens = Json.number(summary, "completionTokens").orElse(0);
    return tokens == 0
        ? ""
        : "; %d tokens had been made, the first after %s"
            .formatted(tokens, Json.millis(summary, "firstTokenMs"));
  }

  private static String attempts(JsonNode summary) {
    long attempts = Json.number(summary, "attempts").orElse(0);
    return attempts > 1 ? "; %d attempts".formatted(attempts) : "";
  }

  /** Says that another tier answered than the one the client wished for. */
  private static String wish(JsonNode document) {
    var got = Json.text(document, "summary.tier");
    var asked =
        StoredRequest.facts(document)
            .map(
                facts ->
                    Tier.parse(Json.text(facts, "model"))
                        .map(Tier::label)
                        .orElse(Json.text(facts, "wishes.tier")))
            .orElse("-");
    boolean nothing = Json.find(document, "summary.firstTokenMs").isEmpty();
    return nothing || asked.equals("-") || got.equals("-") || asked.equals(got)
        ? ""
        : "the tier %s was asked for, and %s answered%n".formatted(asked, got);
  }
}
