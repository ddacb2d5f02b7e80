package org.brokecluster.coordinator.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.client.EdgePath;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./broke import-config FILE}: lets machines begin with what others have measured. */
@Command(
    name = "import-config",
    description = {
      "Take speeds that machines of the same chip and memory have measured, as a better guess.",
      "",
      "  ./broke import-config speeds.json",
      "",
      "What a machine has measured itself stays, and whatever it measures replaces the guess.",
      ""
    },
    sortOptions = false)
final class ImportConfigCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "As written by ./broke export-config.")
  private Path file = Path.of("");

  @Option(names = "--node", paramLabel = "NAME", description = "Only on this machine.")
  private @Nullable String node;

  @Option(names = "--force", description = "Take speeds of other chips and memories as well.")
  private boolean force;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    var machines = BaselineFile.machines(file);
    var client = edge.client();
    var answers = new ArrayList<JsonNode>();
    var here = new ArrayList<String>();
    for (var name : node == null ? BaselineFile.nodes(client) : List.of(node)) {
      var kind = client.get(EdgePath.ofNode(name).part("speeds").text()).path("machine");
      here.add(name + " is " + BaselineFile.kind(kind));
      for (var machine : machines) {
        if (force || machine.path("machine").equals(kind)) {
          answers.add(client.order(name, "speeds", body(machine)));
        }
      }
    }
    if (answers.isEmpty()) {
      throw VerbException.failed(
          "no machine here is of a kind in the file: %s; the file has %s; --force takes them all the same"
              .formatted(String.join(", ", here), kinds(machines)));
    }
    return Orders.print(edge, answers);
  }

  private JsonNode body(JsonNode machine) {
    var body = Json.object();
    body.set("machine", machine.path("machine"));
    body.set("speeds", machine.path("speeds"));
    return body.put("force", force);
  }

  private static String kinds(List<JsonNode> machines) {
    return machines.stream()
        .map(machine -> BaselineFile.kind(machine.path("machine")))
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
