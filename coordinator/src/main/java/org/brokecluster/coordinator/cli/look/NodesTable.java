package org.brokecluster.coordinator.cli.look;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Table;

/** The machines of a cluster as a table. Pure. */
public final class NodesTable {
  private static final int WHOLE = 100;
  private static final String CONDITION = "condition";

  private NodesTable() {}

  /**
   * A row for each machine.
   *
   * @param answer of {@code /api/nodes} or {@code /api/cluster/status}
   */
  public static String render(JsonNode answer) {
    var table =
        new Table(
            "name",
            "state",
            "chip",
            ">memory",
            ">free",
            ">running",
            ">queued",
            CONDITION,
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
          condition(node),
          models(node));
    }
    return table.withoutIfSilent(CONDITION).renderOr("no machine has joined yet");
  }

  private static String chip(JsonNode node) {
    var chip = Json.text(node, "chip");
    return (chip.isBlank() ? "-" : chip) + (Json.flag(node, "simulated") ? " (simulated)" : "");
  }

  /** What is worth knowing of how the machine is, such as {@code battery 78 %, hot}. */
  static String condition(JsonNode node) {
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
