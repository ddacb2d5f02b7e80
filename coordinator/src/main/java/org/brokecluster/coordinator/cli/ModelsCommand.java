package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke models}: every model of the cluster. */
@Command(
    name = "models",
    description = "Show every model: tier, size and the machines that have it.",
    sortOptions = false)
final class ModelsCommand implements Callable<Integer> {
  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    return edge.show("/api/cluster/models", ModelsCommand::render);
  }

  static String render(JsonNode answer) {
    var table =
        new Table("id", "tier", "state", ">weights", "quantization", ">size", ">context", "nodes");
    for (var model : Json.list(answer, "models", "data")) {
      table.row(
          Json.text(model, "id"),
          Json.text(model, "tier"),
          Json.text(model, "state"),
          weights(model),
          Json.text(model, "quantization"),
          Json.bytes(model, "bytes"),
          Json.text(model, "contextLength"),
          nodes(model));
    }
    return table.renderOr("no machine has a model; see ./broke nodes");
  }

  private static String weights(JsonNode model) {
    var count = Json.number(model, "parameters");
    return count.isPresent() ? Figures.count(count.getAsLong()) : "-";
  }

  private static String nodes(JsonNode model) {
    var nodes =
        Json.list(model.path("nodes")).stream()
            .map(node -> node.isTextual() ? node.asText() : Json.text(node, "name", "node"))
            .collect(Collectors.joining(", "));
    return nodes.isEmpty() ? "-" : nodes;
  }
}
