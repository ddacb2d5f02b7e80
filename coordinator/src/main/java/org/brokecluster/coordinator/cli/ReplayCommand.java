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
    return result(answer).startsWith("differs");
  }

  static String render(JsonNode answer) {
    var text = new StringBuilder(result(answer));
    Json.find(answer, "at", "differsAt")
        .filter(at -> !text.toString().contains(at.asText()))
        .ifPresent(at -> text.append(" at ").append(at.asText()));
    text.append(": ").append(Json.text(answer, "events")).append(" events, ");
    text.append(Json.text(answer, "checkpoints")).append(" checkpoints compared");
    text.append(System.lineSeparator());
    for (var term : Json.list(answer.path("terms"))) {
      text.append("  term ").append(Json.text(term, "term", "number", "id")).append(": ");
      text.append(result(term)).append(", ").append(Json.text(term, "events"));
      text.append(" events").append(System.lineSeparator());
    }
    return text.toString();
  }

  private static String result(JsonNode answer) {
    return Json.text(answer, "result", "verdict", "outcome");
  }
}
