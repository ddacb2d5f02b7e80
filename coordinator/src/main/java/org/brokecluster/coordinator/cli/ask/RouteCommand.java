package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke route PROMPT}: what the cluster would do, without doing it. */
@Command(
    name = "route",
    description = {
      "Show which model and machine a prompt would go to, and why; nothing is run.",
      "",
      "  ./broke route \"Refactor this module\"",
      "  ./broke route --strategy speed-priority \"Translate: good morning\"",
      ""
    },
    sortOptions = false)
final class RouteCommand implements Callable<Integer> {
  @Mixin private ChatRequest request;
  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    if (request.nothingGiven()) {
      edge.err().println("[" + ChatRequest.TYPE_IT + "]");
    }
    var body = request.body(request.prompt(System.in));
    return edge.print(edge.client().post("/api/routes", body), RouteCommand::render);
  }

  static String render(JsonNode answer) {
    return "would be: " + DecisionText.of(answer);
  }
}
