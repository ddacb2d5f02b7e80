package org.brokecluster.coordinator.cli.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.VerbException;

/** A file of {@code ./broke export-config}. */
final class BaselineFile {
  private static final long BYTES_MAX = 16L << 20;

  private BaselineFile() {}

  /** What each machine in the file has measured. */
  static List<JsonNode> machines(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw VerbException.failed(file + " is larger than any file of ./broke export-config");
      }
      var document = Json.parse(Files.readString(file, StandardCharsets.UTF_8));
      if (!Json.text(document, "kind").equals(ExportConfigCommand.KIND)
          || document.path("version").asInt() != ExportConfigCommand.VERSION) {
        throw VerbException.failed(
            file + " is not a file of ./broke export-config, or of a later version");
      }
      return Json.list(document.path("machines"));
    } catch (JsonProcessingException e) {
      throw VerbException.failed(file + " is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw VerbException.failed("cannot read " + file + ": " + e);
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
