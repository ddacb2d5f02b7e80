package org.brokecluster.coordinator.cli.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./broke pull MODEL}: fetches a model from the hub to one machine. */
@Command(
    name = "pull",
    description = {
      "Fetch a model from Hugging Face to one machine, and show how that goes.",
      "",
      "  ./broke pull mlx-community/Qwen3-4B-4bit",
      "  ./broke pull huggingface:mlx-community/Qwen3-4B-4bit --node studio",
      "  ./broke pull unsloth/Qwen3-4B-GGUF --include '*Q4_K_M*'",
      "",
      "The machine fetches it by itself: it goes on when this command ends, and a pull that"
          + " was stopped goes on where it was. Gated models need a token in HF_TOKEN of the"
          + " machine's host.",
      ""
    },
    sortOptions = false)
final class PullCommand implements Callable<Integer> {
  private static final String PATH = "/api/pull";

  @Parameters(
      paramLabel = "MODEL",
      description = "OWNER/NAME, huggingface:OWNER/NAME or the address of its page; @REVISION.")
  private String model = "";

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "The machine that is to have it. Default: the one that is asked.")
  private @Nullable String node;

  @Option(
      names = "--include",
      paramLabel = "PATTERN",
      description = {
        "Files to fetch, with * and ?. May be given several times.",
        "Default: what can be run here; of several GGUF variants one must be named."
      })
  private List<String> include = new ArrayList<>();

  @Option(names = "--stop", description = "Stop fetching it; what is here stays for the next time.")
  private boolean stop;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    var body = Json.object().put("model", model);
    if (node != null) {
      body.put("node", node);
    }
    var client = edge.client();
    if (stop) {
      return edge.print(client.post(PATH + "/stop", body), PullCommand::sentence);
    }
    if (!include.isEmpty()) {
      var patterns = body.putArray("include");
      include.forEach(patterns::add);
    }
    var over = new AtomicBoolean();
    var hint = new Thread(() -> hint(over), "pull-hint");
    Runtime.getRuntime().addShutdownHook(hint);
    try (var reply = client.ask(PATH, body);
        var lines = reply.lines()) {
      return follow(lines, over);
    } catch (IOException e) {
      throw client.unanswered(e);
    } finally {
      over.set(true);
    }
  }

  private int follow(BufferedReader lines, AtomicBoolean over) throws IOException {
    var progress = ProgressLine.on(edge.err());
    JsonNode last = Json.object();
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      last = parsed(line);
      progress.show(sentence(last).strip());
    }
    over.set(true);
    progress.clear();
    var error = Json.find(last, "error");
    if (error.isPresent()) {
      throw VerbException.failed(error.get().asText());
    }
    var status = Json.text(last, "status");
    if (!status.equals("success") && !status.equals("stopped")) {
      throw VerbException.failed(
          "the connection ended while the machine was still fetching; ask again to see how it goes");
    }
    edge.print(last, PullCommand::sentence);
    return status.equals("success") ? ExitCode.OK : ExitCode.FAILED;
  }

  private static JsonNode parsed(String line) {
    try {
      return Json.parse(line);
    } catch (JsonProcessingException e) {
      throw VerbException.failed("the edge answered with something that is not JSON");
    }
  }

  /** Says on Ctrl-C what becomes of the pull. */
  private void hint(AtomicBoolean over) {
    if (!over.get()) {
      edge.err().println();
      edge.err().println("the machine goes on fetching; ./broke pull " + model + " --stop ends it");
      edge.err().flush();
    }
  }

  /** Where a pull stands, as one line. */
  static String sentence(JsonNode entry) {
    var text = new StringBuilder();
    text.append(Json.text(entry, "node")).append(": ").append(Json.text(entry, "model"));
    var status = Json.text(entry, "status");
    var done = Json.number(entry, "completed");
    var total = Json.number(entry, "total");
    if (status.equals("downloading") && done.isPresent() && total.isPresent()) {
      text.append(", ").append(Figures.bytes(done.getAsLong()));
      text.append(" of ").append(Figures.bytes(total.getAsLong()));
      Json.number(entry, "bytes_per_second")
          .ifPresent(speed -> text.append(", ").append(Figures.bytes(speed)).append("/s"));
      Json.number(entry, "eta_seconds")
          .ifPresent(left -> text.append(", ").append(Figures.millis(left * 1000)).append(" left"));
    } else if (status.equals("success")) {
      total.ifPresent(bytes -> text.append(", ").append(Figures.bytes(bytes)));
      text.append(", ").append(Json.text(entry, "message"));
    } else {
      text.append(", ").append(status);
    }
    return text.append(System.lineSeparator()).toString();
  }
}
