package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke plan}: which models should be in memory where, and what came of it. */
@Command(
    name = "plan",
    description = {
      "Show which models should be in memory where, why, and what came of earlier moves.",
      "",
      "  ./broke plan          what is expected, what is proposed, what was done",
      "",
      "Whether it is carried out is broke.router.placement.mode: off, suggest or act.",
      "To do it by hand: ./broke load MODEL --node NAME, ./broke unload MODEL --node NAME.",
      ""
    },
    sortOptions = false)
final class PlanCommand implements Callable<Integer> {
  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    return edge.print(edge.client().get("/api/plan"), PlanCommand::render);
  }

  static String render(JsonNode plan) {
    var line = System.lineSeparator();
    var note = Json.text(plan, "note");
    return "mode %s%s".formatted(Json.text(plan, "mode"), note.isEmpty() ? "" : ": " + note)
        + line
        + line
        + models(plan)
        + moves(plan)
        + past(plan);
  }

  private static String models(JsonNode plan) {
    var table = new Table("model", ">lately/h", ">usually/h", ">seconds", ">copies", ">busy");
    for (var model : Json.list(plan, "models")) {
      table.row(
          Json.text(model, "model"),
          tenth(model, "lately"),
          tenth(model, "usually"),
          tenth(model, "serviceSeconds"),
          Json.text(model, "copies"),
          String.format(Locale.ROOT, "%.0f %%", 100 * model.path("busy").asDouble()));
    }
    return table.renderOr("no model is known");
  }

  private static String moves(JsonNode plan) {
    var moves = Json.list(plan, "moves");
    if (moves.isEmpty()) {
      return "";
    }
    var text = new StringBuilder(System.lineSeparator());
    for (var move : moves) {
      var evicts =
          Json.list(move, "evicts").stream().map(JsonNode::asText).collect(Collectors.toList());
      text.append(
              "%s %s on %s"
                  .formatted(
                      Json.text(move, "what"), Json.text(move, "model"), Json.text(move, "node")))
          .append(evicts.isEmpty() ? "" : ", for which leaves " + String.join(", ", evicts))
          .append(": ")
          .append(Json.text(move, "why"))
          .append(System.lineSeparator());
    }
    return text.toString();
  }

  private static String past(JsonNode plan) {
    var past = Json.list(plan, "past");
    if (past.isEmpty()) {
      return "";
    }
    var table = new Table("when", "what", "model", "node", ">expected", "what came of it");
    for (var move : past) {
      table.row(
          Json.text(move, "at"),
          Json.text(move, "what"),
          Json.text(move, "model"),
          Json.text(move, "node"),
          tenth(move, "gainSeconds") + " s/h",
          Json.text(move, "came"));
    }
    return System.lineSeparator() + table.renderOr("");
  }

  private static String tenth(JsonNode of, String field) {
    return String.format(Locale.ROOT, "%.1f", of.path(field).asDouble());
  }
}
