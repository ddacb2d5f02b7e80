package org.brokecluster.coordinator.cli.measure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.VerbException;

/** Which model shows most of a drill. Pure. */
final class DrillModel {
  private DrillModel() {}

  /**
   * The loaded model of the machine that most machines have loaded; of equal ones the last.
   *
   * @param answer of {@code /api/nodes}
   */
  static String pick(JsonNode answer, String name) {
    var nodes = Json.list(answer, "nodes");
    var there =
        nodes.stream()
            .filter(node -> Json.text(node, "name").equals(name))
            .findFirst()
            .orElseThrow(
                () -> VerbException.failed("no such machine: " + name + "; see ./broke nodes"));
    var loaded =
        nodes.stream()
            .filter(node -> Json.text(node, "state").equals("up"))
            .flatMap(node -> loadedOn(node).stream())
            .toList();
    return loadedOn(there).stream()
        .max(Comparator.comparingLong(id -> loaded.stream().filter(id::equals).count()))
        .orElseThrow(
            () ->
                VerbException.failed(
                    name
                        + " has no model in memory: load one with ./broke load, or name one with"
                        + " --model"));
  }

  private static List<String> loadedOn(JsonNode node) {
    return Json.list(node.path("models")).stream()
        .filter(each -> Json.text(each, "state").equals("loaded"))
        .map(each -> Json.text(each, "id"))
        .toList();
  }
}
