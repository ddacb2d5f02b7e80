package org.brokecluster.coordinator.cli.look;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.SpeedText;
import org.brokecluster.coordinator.cli.text.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke models}: every model of the cluster, and how it is on each machine. */
@Command(
    name = "models",
    description = {
      "Show every model: size, where it is, in which state, and how fast it is there.",
      "",
      "  ./broke models",
      "",
      "Speeds are tokens a second of one answer alone; ~ marks an estimate.",
      ""
    },
    sortOptions = false)
final class ModelsCommand implements Callable<Integer> {
  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    return edge.show(
        "/api/cluster/models", answer -> render(answer, System.currentTimeMillis() / 1000));
  }

  /**
   * The table.
   *
   * @param now time of day in seconds since 1970
   */
  static String render(JsonNode answer, long now) {
    var table =
        new Table(
            "id",
            "tier",
            ">weights",
            "format",
            ">size",
            ">context",
            "machine",
            "state",
            ">decode",
            ">prefill",
            ">load",
            "measured");
    var notes = new ArrayList<String>();
    for (var model : Json.list(answer, "models", "data")) {
      rows(table, notes, model, now);
    }
    var text = table.renderOr("no machine has a model; ./broke pull fetches one");
    return notes.isEmpty() ? text : text + System.lineSeparator() + String.join("", notes);
  }

  private static void rows(Table table, List<String> notes, JsonNode model, long now) {
    var places = Json.list(model.path("places"));
    boolean first = true;
    for (var place : places) {
      row(table, model, place, first, now);
      first = false;
      var reason = Json.find(place, "reason");
      reason.ifPresent(
          why ->
              notes.add(
                  "%s on %s: %s%n"
                      .formatted(Json.text(model, "id"), Json.text(place, "node"), why.asText())));
    }
    if (places.isEmpty()) {
      row(table, model, Json.object(), true, now);
    }
  }

  private static void row(Table table, JsonNode model, JsonNode place, boolean first, long now) {
    var speed = place.path("speed");
    table.row(
        first ? Json.text(model, "id") : "",
        first ? Json.text(model, "tier") : "",
        first ? weights(model) : "",
        first ? Json.text(model, "quantization") : "",
        first ? Json.bytes(model, "bytes") : "",
        first ? Json.text(model, "contextLength") : "",
        Json.text(place, "node"),
        state(model, place),
        SpeedText.perSecond(speed, "decodeTokensPerSecond"),
        SpeedText.perSecond(speed, "prefillTokensPerSecond"),
        SpeedText.load(speed),
        SpeedText.measured(speed, now));
  }

  /** Such as {@code loading 43 %} or {@code loaded, pinned}. */
  static String state(JsonNode model, JsonNode place) {
    var state = Json.text(place, "state");
    if (state.equals("-")) {
      return Json.text(model, "state");
    }
    var share = Json.percent(place, "progress");
    var nodeState = Json.text(place, "nodeState");
    return state
        + (share.equals("-") ? "" : " " + share)
        + (Json.flag(place, "pinned") ? ", pinned" : "")
        + (nodeState.equals("up") || nodeState.equals("-") ? "" : ", " + nodeState);
  }

  private static String weights(JsonNode model) {
    var count = Json.number(model, "parameters");
    return count.isPresent() ? Figures.count(count.getAsLong()) : "-";
  }
}
