package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.brokecluster.coordinator.cli.client.ChatBody;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.client.StreamedAnswer;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./broke chat}: asks the cluster and prints the answer as it is made. */
@Command(
    name = "chat",
    description = {
      "Ask the cluster and see the answer as it is made.",
      "",
      "The answer goes to standard output; who gave it and how far to trust it goes to standard"
          + " error, so that a script can use the answer alone.",
      "",
      "  ./broke chat \"Why is the sky blue?\"",
      "  git diff | ./broke chat \"Is this right?\" - > review.txt",
      ""
    },
    sortOptions = false)
final class ChatCommand implements Callable<Integer> {
  @Mixin private ChatRequest request;

  @Option(names = "--no-stream", description = "Wait for the whole answer.")
  private boolean wholeAnswer;

  @Option(names = "--quiet", description = "Print nothing but the answer.")
  private boolean quiet;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    if (request.nothingGiven()) {
      note(ChatRequest.TYPE_IT);
    }
    var body = request.body(request.prompt(System.in));
    return edge.json() || wholeAnswer ? whole(body) : streamed(body);
  }

  private int whole(ObjectNode body) {
    long started = System.nanoTime();
    var client = edge.client();
    try (var reply = client.ask(ChatBody.PATH, body)) {
      note(AnswerNotes.origin(reply));
      var answer = Json.parse(reply.text());
      edge.print(answer, ChatCommand::text);
      note(AnswerNotes.cost(answer.path("usage"), millisSince(started)));
      return ExitCode.OK;
    } catch (JsonProcessingException e) {
      throw VerbException.failed("the answer is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw client.unanswered(e);
    }
  }

  static String text(JsonNode answer) {
    var text = new StringBuilder();
    for (var choice : Json.list(answer, "choices")) {
      Json.find(choice, "message.content", "text").ifPresent(part -> text.append(part.asText()));
    }
    return text.append(System.lineSeparator()).toString();
  }

  private int streamed(ObjectNode body) {
    long started = System.nanoTime();
    var client = edge.client();
    var answer = new StreamedAnswer(edge.out()::print);
    var patience = new Patience(quiet ? ProgressLine.silent() : ProgressLine.on(edge.err()));
    var origin = "";
    try (var reply = client.ask(ChatBody.PATH, ChatBody.streamed(body));
        var lines = reply.lines()) {
      origin = AnswerNotes.origin(reply);
      note(origin);
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        patience.comes(line, millisSince(started));
        if (answer.accept(line) && edge.unread()) {
          return ExitCode.OK;
        }
      }
    } catch (IOException e) {
      answer.broke("the connection broke (" + e.getMessage() + ")");
    }
    patience.ends();
    var broken = answer.failure();
    if (broken != null && !answer.begun()) {
      throw VerbException.failed(broken + next(answer.code()));
    }
    edge.out().println();
    edge.out().flush();
    note(origin.isEmpty() ? origin(answer) : "");
    note(answer.moved() == null ? "" : answer.moved());
    if (broken != null) {
      throw VerbException.failed("the answer is not whole: " + broken);
    }
    note(AnswerNotes.cost(answer.usage(), millisSince(started)));
    return ExitCode.OK;
  }

  /** Who gave an answer whose headers went out before anybody knew. */
  private static String origin(StreamedAnswer answer) {
    if (answer.origin() != null) {
      return AnswerNotes.origin(answer.origin());
    }
    return answer.model() == null ? "" : answer.model();
  }

  /** What to do where nobody could begin. */
  private static String next(@Nullable String code) {
    return "model_not_found".equals(code) || "no_node".equals(code)
        ? "; what is missing: ./broke status"
        : "";
  }

  private void note(String text) {
    if (!quiet && !text.isEmpty()) {
      edge.err().println("[" + text + "]");
      edge.err().flush();
    }
  }

  private static long millisSince(long started) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
  }
}
