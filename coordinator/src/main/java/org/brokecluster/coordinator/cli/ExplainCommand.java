package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./broke explain REQUEST_ID}: why a request went where it went. */
@Command(
    name = "explain",
    description = {
      "Show every candidate of a request and why each lost.",
      "",
      "The id is in the answer's x-request-id header and in ./broke history.",
      ""
    },
    sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "REQUEST_ID", description = "The request.")
  private String request = "";

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    var id = URLEncoder.encode(request, StandardCharsets.UTF_8);
    return edge.show("/api/requests/" + id + "/explain", ExplainCommand::render);
  }

  static String render(JsonNode answer) {
    var text = new StringBuilder();
    text.append("request ").append(Json.text(answer, "request", "id", "requestId"));
    text.append(": ").append(Json.text(answer, "state", "outcome", "status"));
    text.append(System.lineSeparator()).append(ProfileLine.render(answer));
    var decisions = Json.list(answer.path("attempts"));
    if (decisions.isEmpty()) {
      decisions = Json.list(answer.path("decisions"));
    }
    for (var decision : decisions.isEmpty() ? List.of(answer) : decisions) {
      text.append(System.lineSeparator()).append(attempt(decision));
    }
    return text.toString();
  }

  private static String attempt(JsonNode decision) {
    var number = Json.text(decision, "attempt.number", "number", "attempt");
    var outcome = Json.find(decision, "outcome", "state");
    return "attempt "
        + number
        + ": "
        + CandidateTable.choice(decision)
        + outcome.map(o -> "  ended: " + o.asText() + System.lineSeparator()).orElse("")
        + CandidateTable.render(decision);
  }
}
