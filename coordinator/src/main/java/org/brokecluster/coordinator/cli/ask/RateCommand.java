package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.InputText;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./broke rate REQUEST_ID RATING}: says how good an answer was. */
@Command(
    name = "rate",
    description = {
      "Say how good an answer was; the cluster learns from it.",
      "",
      "  ./broke rate r3w5e-7 up",
      "  ./broke rate r3w5e-7 2 --reason \"invents a parameter\"",
      "",
      "The id of a request: x-request-id of its answer, or ./broke history. A reason is"
          + " kept sealed beside the history, and deleted with whoever asked; where prompts and"
          + " answers are kept, ./broke collect export has it beside them.",
      ""
    },
    sortOptions = false)
final class RateCommand implements Callable<Integer> {
  private static final int TESTS_MEBIBYTES_MAX = 1;

  @Parameters(index = "0", paramLabel = "REQUEST_ID", description = "Whose answer.")
  private String request = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "RATING",
      description = "up, down, or 1 (useless) to 5 (just right).")
  private @Nullable String rating;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in your words.")
  private @Nullable String reason;

  @Option(
      names = "--tests",
      paramLabel = "FILE",
      description = {"Tests by which an answer to this can be checked,", "for ./broke collect."})
  private @Nullable Path tests;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    if (rating == null && tests == null) {
      throw VerbException.misuse("how good was it? ./broke rate " + request + " up");
    }
    var body = Json.object().put("request", request);
    if (rating != null) {
      if (rating.matches("[1-5]")) {
        body.put("rating", Integer.parseInt(rating));
      } else if (rating.equals("up") || rating.equals("down")) {
        body.put("rating", rating);
      } else {
        throw VerbException.misuse("a rating is up, down, or 1 to 5, not " + rating);
      }
    }
    if (reason != null) {
      body.put("reason", reason);
    }
    if (tests != null) {
      body.put("tests", InputText.read(tests, TESTS_MEBIBYTES_MAX));
    }
    return edge.print(edge.client().post("/api/feedback", body), RateCommand::render);
  }

  static String render(JsonNode answer) {
    var text = new StringBuilder();
    if (answer.has("rating")) {
      text.append("rated: ").append(Json.text(answer, "rating")).append(" of 5");
    }
    if (answer.has("noted")) {
      text.append(text.isEmpty() ? "" : "; ");
      text.append(Json.flag(answer, "noted") ? "noted" : "not noted: " + Json.text(answer, "why"));
    }
    return text.append(System.lineSeparator()).toString();
  }
}
