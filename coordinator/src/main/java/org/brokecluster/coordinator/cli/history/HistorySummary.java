package org.brokecluster.coordinator.cli.history;

import com.fasterxml.jackson.databind.JsonNode;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Table;

/** Figures over many requests as a table. Pure. */
final class HistorySummary {
  private HistorySummary() {}

  static String render(JsonNode answer) {
    return Json.text(answer, "of").equals("attempts") ? attempts(answer) : requests(answer);
  }

  private static String attempts(JsonNode answer) {
    var table =
        new Table(
            Json.text(answer, "by"),
            ">attempts",
            ">share",
            ">completed",
            ">failed",
            ">handed over",
            ">cancelled",
            ">took p50",
            ">p95",
            ">tokens/s");
    for (var group : Json.list(answer, "groups")) {
      attemptsRow(table, Json.text(group, "name"), group);
    }
    attemptsRow(table, "all", answer.path("total"));
    return table.renderOr("no attempt matches");
  }

  private static void attemptsRow(Table table, String name, JsonNode group) {
    table.row(
        name,
        Json.text(group, "attempts"),
        Json.percent(group, "share"),
        Json.text(group, "completed"),
        Json.text(group, "failed"),
        Json.text(group, "handedOver"),
        Json.text(group, "cancelled"),
        Json.millis(group, "tookMs.p50"),
        Json.millis(group, "tookMs.p95"),
        Json.score(group, "tokensPerSecond"));
  }

  private static String requests(JsonNode answer) {
    var table =
        new Table(
            Json.text(answer, "by"),
            ">requests",
            ">share",
            ">failed",
            ">rescued",
            ">first p50",
            ">p95",
            ">whole p50",
            ">p95",
            ">tokens/s",
            ">off by",
            ">rating");
    for (var group : Json.list(answer, "groups")) {
      row(table, Json.text(group, "name"), group);
    }
    row(table, "all", answer.path("total"));
    return table.renderOr("no request matches") + calibration(answer);
  }

  private static void row(Table table, String name, JsonNode group) {
    table.row(
        name,
        Json.text(group, "requests"),
        Json.percent(group, "share"),
        Json.text(group, "failed"),
        Json.text(group, "rescued"),
        Json.millis(group, "firstTokenMs.p50"),
        Json.millis(group, "firstTokenMs.p95"),
        Json.millis(group, "totalMs.p50"),
        Json.millis(group, "totalMs.p95"),
        Json.score(group, "tokensPerSecond"),
        Json.millis(group, "totalErrorMs.p50"),
        Json.score(group, "rating"));
  }

  private static String calibration(JsonNode answer) {
    var ranges = Json.list(answer, "calibration");
    if (ranges.isEmpty()) {
      return "";
    }
    var table = new Table("predicted risk", ">rated", ">mean risk", ">not content");
    for (var range : ranges) {
      table.row(
          Json.score(range, "from") + " to " + Json.score(range, "to"),
          Json.text(range, "rated"),
          Json.score(range, "predictedRisk"),
          Json.percent(range, "observedRisk"));
    }
    return System.lineSeparator() + table.render();
  }
}
