package org.brokecluster.coordinator.cli.look;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Table;
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
      "A model is worth a move where that saves much waiting in the hour to come, by what"
          + " is asked for now and was at this hour of other days. What was moved rests for a"
          + " while.",
      "",
      "Whether it is carried out is broke.router.placement.mode: off, suggest or act. To do"
          + " it by hand: ./broke load MODEL --node NAME, ./broke unload MODEL --node NAME.",
      ""
    },
    sortOptions = false)
final class PlanCommand implements Callable<Integer> {
  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    return edge.show("/api/plan", PlanCommand::render);
  }

  static String render(JsonNode plan) {
    var line = System.lineSeparator();
    var note = Json.find(plan, "note").map(JsonNode::asText).orElse("");
    return "mode %s: %s".formatted(Json.text(plan, "mode"), mode(Json.text(plan, "mode")))
        + line
        + (note.isEmpty() ? "" : note + line)
        + line
        + models(plan)
        + moves(plan)
        + past(plan);
  }

  private static String mode(String mode) {
    return switch (mode) {
      case "act" -> "what is proposed here is done by the cluster itself";
      case "suggest" -> "what is proposed here is for you to do, or to leave";
      default -> "nothing is proposed";
    };
  }

  private static String nothing(JsonNode plan) {
    return Json.text(plan, "mode").equals("off")
        ? "to see what is expected, set broke.router.placement.mode to suggest"
        : "no machine has told of a model yet: ./broke nodes";
  }

  private static String models(JsonNode plan) {
    var table = new Table("model", ">asked/h", ">usually/h", ">takes", ">in memory on", ">busy");
    for (var model : Json.list(plan, "models")) {
      table.row(
          Json.text(model, "model"),
          tenth(model, "lately"),
          known(model, "usually", ""),
          known(model, "serviceSeconds", " s"),
          Json.text(model, "copies"),
          model.path("copies").asInt() == 0
              ? "-"
              : String.format(Locale.ROOT, "%.0f %%", 100 * model.path("busy").asDouble()));
    }
    return table.renderOr(nothing(plan));
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
    var table = new Table("when", "what", "model", "node", ">saves", "what came of it");
    for (var move : past) {
      table.row(
          Figures.time(Json.text(move, "at"), ZoneId.systemDefault()),
          Json.text(move, "what"),
          Json.text(move, "model"),
          Json.text(move, "node"),
          known(move, "gainSeconds", " s/h"),
          Json.text(move, "came"));
    }
    return System.lineSeparator() + table.renderOr("");
  }

  /** A figure of which 0 says that it is not known. */
  private static String known(JsonNode of, String field, String unit) {
    return of.path(field).asDouble() == 0 ? "-" : tenth(of, field) + unit;
  }

  private static String tenth(JsonNode of, String field) {
    return String.format(Locale.ROOT, "%.1f", of.path(field).asDouble());
  }
}
