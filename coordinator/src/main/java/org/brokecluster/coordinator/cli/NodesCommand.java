package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke nodes}: every machine of the cluster. */
@Command(
    name = "nodes",
    description = "Show every machine: state, memory, load, power, heat and models.",
    sortOptions = false)
final class NodesCommand implements Callable<Integer> {
  private static final int WHOLE = 100;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    return edge.show("/api/nodes", NodesCommand::render);
  }

  static String render(JsonNode answer) {
    var table =
        new Table(
            "name",
            "state",
            "chip",
            ">memory",
            ">free",
            ">running",
            ">queued",
            "machine",
            "models");
    for (var node : Json.list(answer, "nodes")) {
      table.row(
          Json.text(node, "name"),
          Json.text(node, "state"),
          chip(node),
          Json.memory(node, "memoryBytes"),
          Json.memory(node, "memoryFreeBytes"),
          Json.text(node, "running"),
          Json.text(node, "queued"),
          machine(node),
          models(node));
    }
    return table.renderOr("no machine has joined yet");
  }

  private static String chip(JsonNode node) {
    var chip = Json.text(node, "chip");
    return (chip.isBlank() ? "-" : chip) + (Json.flag(node, "simulated") ? " (simulated)" : "");
  }

  /** What is worth knowing of how the machine is, such as {@code battery 78 %, hot}. */
  static String machine(JsonNode node) {
    var machine = node.path("machine");
    var words = new ArrayList<String>();
    var power = Json.text(machine, "power");
    var charge = Json.number(machine, "batteryPercent");
    if (power.equals("battery")) {
      words.add("battery" + (charge.isPresent() ? " " + charge.getAsLong() + " %" : ""));
    } else if (power.equals("mains")) {
      words.add("mains");
    }
    switch (Json.text(machine, "thermal")) {
      case "fair" -> words.add("warm");
      case "serious" -> words.add("hot");
      case "critical" -> words.add("too hot");
      default -> {}
    }
    var limit = Json.number(machine, "speedLimitPercent");
    if (limit.isPresent() && limit.getAsLong() < WHOLE) {
      words.add("slowed to " + limit.getAsLong() + " %");
    }
    switch (Json.text(machine, "pressure")) {
      case "warn" -> words.add("memory short");
      case "critical" -> words.add("memory very short");
      default -> {}
    }
    if (Json.flag(node, "memoryWarning")) {
      words.add("models nearly fill it");
    }
    Json.find(node, "away").ifPresent(why -> words.add(why.asText()));
    return words.isEmpty() ? "-" : String.join(", ", words);
  }

  private static String models(JsonNode node) {
    var models =
        Json.list(node.path("models")).stream()
            .map(model -> Json.text(model, "id") + " " + ModelsCommand.state(model, model))
            .collect(Collectors.joining(", "));
    return models.isEmpty() ? "-" : models;
  }
}
