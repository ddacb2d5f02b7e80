package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
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
    var request = "request " + Json.text(answer, "request");
    return Json.find(answer, "candidates").isPresent()
        ? request + ", attempt " + Json.text(answer, "attempt") + ": " + DecisionText.of(answer)
        : request + System.lineSeparator() + StoredRequest.render(answer, ZoneId.systemDefault());
  }
}
