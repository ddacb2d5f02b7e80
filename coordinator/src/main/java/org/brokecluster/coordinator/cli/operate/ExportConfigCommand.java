package org.brokecluster.coordinator.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.client.EdgePath;
import org.brokecluster.coordinator.cli.text.Failures;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.file.WholeFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./broke export-config}: writes down what the machines have measured. */
@Command(
    name = "export-config",
    description = {
      "Write the measured speeds of all machines, with what they were measured on.",
      "",
      "  ./broke export-config speeds.json",
      "",
      "A machine of the same kind takes them as a better guess: ./broke import-config FILE",
      ""
    },
    sortOptions = false)
final class ExportConfigCommand implements Callable<Integer> {
  /** What such a file calls itself. */
  static final String KIND = "broke-baselines";

  static final int VERSION = 1;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "Default: standard output.")
  private @Nullable Path file;

  @Option(names = "--node", paramLabel = "NAME", description = "Only this machine's.")
  private @Nullable String node;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    var document = document(edge.client());
    int machines = document.path("machines").size();
    if (machines == 0) {
      throw VerbException.failed("no machine with models is up; see ./broke nodes");
    }
    var text = Json.pretty(document) + System.lineSeparator();
    if (file == null) {
      edge.out().print(text);
      edge.out().flush();
      return ExitCode.OK;
    }
    try {
      WholeFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw VerbException.failed("cannot write " + file + ": " + Failures.reason(e));
    }
    edge.err().println("wrote the speeds of " + machines + " machines to " + file);
    return ExitCode.OK;
  }

  private JsonNode document(EdgeClient client) {
    var document =
        Json.object()
            .put("kind", KIND)
            .put("version", VERSION)
            .put("exported", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    var machines = document.putArray("machines");
    for (var name : BaselineFile.nodes(client)) {
      if (node == null || node.equals(name)) {
        machines.add(client.get(EdgePath.ofNode(name).part("speeds").text()));
      }
    }
    return document;
  }
}
