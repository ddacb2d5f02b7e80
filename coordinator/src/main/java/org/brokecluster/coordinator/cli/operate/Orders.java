package org.brokecluster.coordinator.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.ExitCode;

/** Shows what machines answered to an order. */
final class Orders {
  private Orders() {}

  /** Prints the answers and returns the exit code: all must have been accepted. */
  static int print(EdgeFlags edge, List<JsonNode> answers) {
    var all = Json.array().addAll(answers);
    edge.print(answers.size() == 1 ? answers.get(0) : all, ignored -> render(answers));
    return answers.stream().allMatch(Orders::accepted) ? ExitCode.OK : ExitCode.FAILED;
  }

  static String render(List<JsonNode> answers) {
    var text = new StringBuilder();
    for (var answer : answers) {
      text.append(Json.text(answer, "node")).append(": ");
      text.append(accepted(answer) ? "" : "refused: ").append(Json.text(answer, "message"));
      text.append(System.lineSeparator());
    }
    return text.toString();
  }

  private static boolean accepted(JsonNode answer) {
    return Json.find(answer, "accepted").map(JsonNode::asBoolean).orElse(true);
  }
}
