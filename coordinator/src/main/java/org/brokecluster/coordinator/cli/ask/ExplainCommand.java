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
      "SCORE decides. RISK is the probability that the answer is not good enough: below"
          + " 0.25 green, from 0.25 yellow, from 0.55 orange, from 0.75 red. FIRST and WHOLE are"
          + " the predicted times to the first and to the last token, CACHED the tokens of the"
          + " prompt that need not be read there again, HARM the time that others would lose.",
      "",
      "The router remembers the latest decision of each of the latest requests with every"
          + " candidate. Of earlier attempts, and after a restart, the history has the best eight"
          + " candidates.",
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
    return edge.print(answer, document -> render(client, path, document));
  }

  private static String render(EdgeClient client, EdgePath path, JsonNode answer) {
    if (Json.find(answer, "candidates").isEmpty()) {
      return render(answer);
    }
    try {
      var past = client.get(path.text());
      return StoredRequest.render(past, answer, ZoneId.systemDefault());
    } catch (VerbException e) {
      return render(answer)
          + System.lineSeparator()
          + "what became of it cannot be told: "
          + e.getMessage()
          + System.lineSeparator();
    }
  }

  /** What one document tells: a decision of the router's, or what the history has. */
  static String render(JsonNode answer) {
    return Json.find(answer, "candidates").isPresent()
        ? "request %s, attempt %s, decided: %s"
            .formatted(
                Json.text(answer, "request"), Json.text(answer, "attempt"), DecisionText.of(answer))
        : StoredRequest.render(answer, ZoneId.systemDefault());
  }
}
