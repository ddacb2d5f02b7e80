package org.brokecluster.coordinator.cli.look;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.Map;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Table;

/** The cluster at a past moment, as text. Pure. */
final class PastText {
  private PastText() {}

  static String render(JsonNode answer) {
    return render(answer, ZoneId.systemDefault());
  }

  static String render(JsonNode answer, ZoneId zone) {
    var text = new StringBuilder();
    line(text, "at", Figures.time(Json.text(answer, "at"), zone));
    line(
        text,
        "router",
        "%s, term %s".formatted(Json.text(answer, "coordinator"), Json.text(answer, "term")));
    line(text, "strategy", Json.text(answer, "strategy"));
    line(
        text,
        "history",
        "event %s at %s%s"
            .formatted(
                Json.text(answer, "event"),
                Figures.time(Json.text(answer, "lastEventAt"), zone),
                Json.flag(answer, "complete") ? "" : ", with a gap before it"));
    var members = new Table("machine", "state", "models");
    answer
        .path("members")
        .properties()
        .forEach(
            member ->
                members.row(
                    member.getKey(), Json.text(member.getValue(), "state"), models(member)));
    text.append(System.lineSeparator()).append(members.renderOr("no machine was known"));
    requests(text, "under way", answer, "running", zone);
    requests(text, "waiting", answer, "waiting", zone);
    leftAlone(text, answer, zone);
    moves(text, answer, zone);
    return text.toString();
  }

  private static String models(Map.Entry<String, JsonNode> member) {
    var models = new StringBuilder();
    member
        .getValue()
        .path("models")
        .properties()
        .forEach(
            model ->
                models
                    .append(models.isEmpty() ? "" : ", ")
                    .append(model.getKey())
                    .append(' ')
                    .append(model.getValue().asText()));
    return models.toString();
  }

  private static void requests(
      StringBuilder text, String title, JsonNode answer, String name, ZoneId zone) {
    var table = new Table(title, "since", "state", ">attempt", "model", "machine");
    for (var request : Json.list(answer, name)) {
      table.row(
          Json.text(request, "request"),
          Figures.time(Json.text(request, "since"), zone),
          Json.text(request, "state"),
          Json.text(request, "attempt"),
          Json.text(request, "model"),
          Json.text(request, "node"));
    }
    text.append(System.lineSeparator()).append(table.renderOr("nothing was " + title));
  }

  /** Models on machines that were given no requests for a while; nothing where there were none. */
  private static void leftAlone(StringBuilder text, JsonNode answer, ZoneId zone) {
    var places = Json.list(answer, "leftAlone");
    if (places.isEmpty()) {
      return;
    }
    var table = new Table("left alone", "machine", ">failures", "last", "until");
    for (var place : places) {
      table.row(
          Json.text(place, "model"),
          Json.text(place, "node"),
          Json.text(place, "failures"),
          Figures.time(Json.text(place, "failedAt"), zone),
          Figures.time(Json.text(place, "until"), zone));
    }
    text.append(System.lineSeparator()).append(table.renderOr(""));
  }

  /** What the plan had had done before; nothing where it had done nothing. */
  private static void moves(StringBuilder text, JsonNode answer, ZoneId zone) {
    var moves = Json.list(answer, "moves");
    if (moves.isEmpty()) {
      return;
    }
    var table = new Table("by the plan", "what", "model", "machine", "why");
    for (var move : moves) {
      table.row(
          Figures.time(Json.text(move, "at"), zone),
          Json.text(move, "what"),
          Json.text(move, "model"),
          Json.text(move, "node"),
          Json.text(move, "why"));
    }
    text.append(System.lineSeparator()).append(table.renderOr(""));
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format("%-9s %s%n", name, value));
  }
}
