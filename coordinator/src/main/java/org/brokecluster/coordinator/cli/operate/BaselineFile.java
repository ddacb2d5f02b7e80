package org.brokecluster.coordinator.cli.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.text.InputText;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.VerbException;

/** A file of {@code ./broke export-config}. */
final class BaselineFile {
  private static final int MEBIBYTES_MAX = 16;

  private BaselineFile() {}

  /** What each machine in the file has measured. */
  static List<JsonNode> machines(Path file) {
    try {
      var document = Json.parse(InputText.read(file, MEBIBYTES_MAX));
      if (!Json.text(document, "kind").equals(ExportConfigCommand.KIND)
          || document.path("version").asInt() != ExportConfigCommand.VERSION) {
        throw VerbException.failed(
            file + " is not a file of ./broke export-config, or of a later version");
      }
      return Json.list(document.path("machines"));
    } catch (JsonProcessingException e) {
      throw VerbException.failed(file + " is not JSON: " + e.getOriginalMessage());
    }
  }

  /** Names of the machines that run models and are up. */
  static List<String> nodes(EdgeClient client) {
    return Json.list(client.get("/api/nodes"), "nodes").stream()
        .filter(
            node -> Json.list(node.path("roles")).stream().anyMatch(r -> r.asText().equals("node")))
        .filter(node -> List.of("up", "draining").contains(Json.text(node, "state")))
        .map(node -> Json.text(node, "name"))
        .toList();
  }

  /** What a machine is, for people. */
  static String kind(JsonNode machine) {
    var scale = Json.find(machine, "timeScale");
    return Json.text(machine, "chip")
        + " with "
        + Json.memory(machine, "memoryBytes")
        + (scale.isPresent() ? " (simulated x" + scale.get().asText() + ")" : "");
  }
}
