package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.brokecluster.shared.cli.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke replay}: proves that the stored history is what the router lived through. */
@Command(
    name = "replay",
    description = {
      "Fold all stored events again and compare with what the router saw.",
      "",
      "Exit code 1 if the history differs from the router's own checkpoints.",
      ""
    },
    sortOptions = false)
final class ReplayCommand implements Callable<Integer> {
  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    var answer = edge.client().get("/api/replay");
    edge.print(answer, ReplayCommand::render);
    return differs(answer) ? ExitCode.FAILED : ExitCode.OK;
  }

  static boolean differs(JsonNode answer) {
    return Json.text(answer, "result").startsWith("differs");
  }

  static String render(JsonNode answer) {
    var text = new StringBuilder(Json.text(answer, "result"));
    text.append(": ").append(Json.text(answer, "message")).append(System.lineSeparator());
    var table = new Table(">term", "coordinator", ">events", ">missing", ">checkpoints", "result");
    for (var term : Json.list(answer.path("terms"))) {
      var reason = Json.find(term, "reason").map(why -> ": " + why.asText()).orElse("");
      table.row(
          Json.text(term, "term"),
          Json.text(term, "coordinator"),
          Json.text(term, "events"),
          Json.text(term, "missing"),
          Json.text(term, "checkpoints"),
          Json.text(term, "result") + reason);
    }
    return text.append(table.renderOr("")).toString();
  }
}
