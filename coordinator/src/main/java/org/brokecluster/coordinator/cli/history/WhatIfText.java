package org.brokecluster.coordinator.cli.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Table;

/** A what-if replay as text: first how far it can be believed. Pure. */
final class WhatIfText {
  private static final List<String> SIDES = List.of("recorded", "reproduced", "supposed");

  private WhatIfText() {}

  static String render(JsonNode answer) {
    var text = new StringBuilder();
    var line = System.lineSeparator();
    text.append(Json.text(answer, "validation.verdict"))
        .append(": ")
        .append(Json.text(answer, "validation.statement"))
        .append(line);
    text.append("requests ")
        .append(Json.text(answer, "requests"))
        .append(", same machine ")
        .append(Json.percent(answer, "validation.sameNode"))
        .append(", same model ")
        .append(Json.percent(answer, "validation.sameModel"))
        .append(line)
        .append(line);
    var table = new Table("", ">as it was", ">replayed as it was", ">what if");
    for (var name : List.of("answered", "refused", "failed", "cancelled", "unfinished")) {
      row(table, answer, name, side -> Json.text(side, name));
    }
    for (var name : List.of("mean", "p50", "p95", "p99")) {
      row(table, answer, "whole " + name, side -> Json.millis(side, "totalMs." + name));
    }
    row(table, answer, "first p50", side -> Json.millis(side, "firstTokenMs.p50"));
    row(table, answer, "first p95", side -> Json.millis(side, "firstTokenMs.p95"));
    row(table, answer, "mean risk", side -> Json.score(side, "meanRisk"));
    row(table, answer, "machine seconds", side -> Json.text(side, "machineSeconds"));
    for (var node : nodes(answer)) {
      row(table, answer, "requests on " + node, side -> load(side, node));
    }
    text.append(table.render()).append(line);
    Json.list(answer, "notes")
        .forEach(note -> text.append("- ").append(note.asText()).append(line));
    return text.toString();
  }

  private interface Cell {
    String of(JsonNode side);
  }

  private static void row(Table table, JsonNode answer, String name, Cell cell) {
    table.row(
        name,
        cell.of(answer.path(SIDES.get(0))),
        cell.of(answer.path(SIDES.get(1))),
        cell.of(answer.path(SIDES.get(2))));
  }

  private static Set<String> nodes(JsonNode answer) {
    var names = new TreeSet<String>();
    for (var side : SIDES) {
      Json.list(answer.path(side), "nodes").forEach(node -> names.add(Json.text(node, "name")));
    }
    return names;
  }

  private static String load(JsonNode side, String name) {
    for (var node : Json.list(side, "nodes")) {
      if (Json.text(node, "name").equals(name)) {
        return Json.text(node, "requests") + ", " + Json.text(node, "busySeconds") + " s";
      }
    }
    return "-";
  }
}
