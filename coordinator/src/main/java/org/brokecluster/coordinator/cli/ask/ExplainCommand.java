package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.client.EdgePath;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.VerbException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./broke explain REQUEST_ID}: why a request went where it went. */
@Command(
    name = "explain",
    description = {
      "Show what became of a request, every candidate, and why each won or lost.",
      "",
      "  ./broke explain r3w5e-7",
      "",
      "The id is in the answer's x-request-id header and in ./broke history.",
      "",
      "SCORE decides. RISK is the probability that the answer is not good enough. FIRST and WHOLE",
      "are the predicted times to the first and to the last token, CACHED the tokens of the prompt",
      "that need not be read there again, HARM the time that others would lose.",
      ""
    },
    sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "REQUEST_ID", description = "The request.")
  private String request = "";

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    var client = edge.client();
    var path = EdgePath.of("/api/requests").part(request);
    var answer = client.get(path.part("explain").text());
    return edge.print(answer, decision -> render(decision) + past(client, path, decision));
  }

  /** What became of it, as far as the history can be asked; a stored decision has it already. */
  private static String past(EdgeClient client, EdgePath path, JsonNode decision) {
    if (Json.find(decision, "candidates").isEmpty()) {
      return "";
    }
    try {
      var document = client.get(path.text());
      return System.lineSeparator() + StoredRequest.events(document, ZoneId.systemDefault());
    } catch (VerbException e) {
      return System.lineSeparator()
          + "what became of it cannot be told: "
          + e.getMessage()
          + System.lineSeparator();
    }
  }

  static String render(JsonNode answer) {
    var request = "request " + Json.text(answer, "request");
    return Json.find(answer, "candidates").isPresent()
        ? request + ", attempt " + Json.text(answer, "attempt") + ": " + DecisionText.of(answer)
        : request + System.lineSeparator() + StoredRequest.render(answer, ZoneId.systemDefault());
  }
}
