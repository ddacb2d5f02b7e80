package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke nodes}: every machine of the cluster. */
@Command(
    name = "nodes",
    description = "Show every machine: state, memory, load and models.",
    sortOptions = false)
final class NodesCommand implements Callable<Integer> {
  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    return edge.show("/api/nodes", NodesCommand::render);
  }

  static String render(JsonNode answer) {
    var table =
        new Table("name", "state", "chip", ">memory", ">free", ">running", ">queued", "models");
    for (var node : Json.list(answer, "nodes")) {
      table.row(
          Json.text(node, "name"),
          Json.text(node, "state"),
          chip(node),
          Json.memory(node, "memoryBytes"),
          Json.memory(node, "memoryFreeBytes"),
          Json.text(node, "running"),
          Json.text(node, "queued"),
          models(node));
    }
    return table.renderOr("no machine has joined yet");
  }

  private static String chip(JsonNode node) {
    var chip = Json.text(node, "chip");
    return (chip.isBlank() ? "-" : chip) + (Json.flag(node, "simulated") ? " (simulated)" : "");
  }

  private static String models(JsonNode node) {
    var models =
        Json.list(node.path("models")).stream()
            .map(model -> Json.text(model, "id") + " " + Json.text(model, "state"))
            .collect(Collectors.joining(", "));
    return models.isEmpty() ? "-" : models;
  }
}
