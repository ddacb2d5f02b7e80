package org.brokecluster.coordinator.cli.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Moment;
import org.brokecluster.coordinator.cli.text.Table;
import org.brokecluster.shared.cli.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ./broke replay}: proves that the stored history is what the router lived through, or plays
 * it under other conditions.
 */
@Command(
    name = "replay",
    description = {
      "Fold all stored events again and compare with what the router saw.",
      "",
      "Exit code 1 if the history differs from the router's own checkpoints.",
      "",
      "With a change, the recorded requests are played again through the router's own code,"
          + " in virtual time, as they were and as they would have been:",
      "",
      "  ./broke replay --strategy speed-priority",
      "  ./broke replay --without mini-m1 --from 2026-11-20",
      "  ./broke replay --add m4-max:64 --set max-wait-for-better=5s",
      ""
    },
    sortOptions = false)
final class ReplayCommand implements Callable<Integer> {
  @Option(names = "--verify", description = "What it does unless a change is given.")
  private boolean verify;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      description = "Play it under this strategy for requests that named none.")
  private @Nullable String strategy;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Play it with another value of broke.router.KEY; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--without",
      paramLabel = "NODE",
      description = "Play it without this machine; may be repeated.")
  private List<String> without = new ArrayList<>();

  @Option(
      names = "--add",
      paramLabel = "CHIP:GIB",
      description = "Play it with one machine more, such as m4-max:64; may be repeated.")
  private List<String> add = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = Moment.class,
      description = {
        "First moment of the requests: " + Moment.FORMS + ".",
        "Default: the last 24 hours there are."
      })
  private @Nullable Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "Moment before which they came.")
  private @Nullable Instant to;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    var change = change();
    if (!change.isEmpty() && !verify) {
      edge.print(edge.client().slowly("/api/replay", change), WhatIfText::render);
      return ExitCode.OK;
    }
    var answer = edge.client().slowly("/api/replay", null);
    edge.print(answer, ReplayCommand::render);
    return differs(answer) ? ExitCode.FAILED : ExitCode.OK;
  }

  private ObjectNode change() {
    var change = Json.object();
    put(change, "strategy", strategy);
    put(change, "from", from);
    put(change, "to", to);
    if (!settings.isEmpty()) {
      var set = change.putObject("set");
      settings.forEach(set::put);
    }
    if (!without.isEmpty()) {
      without.forEach(change.putArray("without")::add);
    }
    if (!add.isEmpty()) {
      add.forEach(change.putArray("add")::add);
    }
    return change;
  }

  private static void put(ObjectNode to, String name, @Nullable Object value) {
    if (value != null) {
      to.put(name, value.toString());
    }
  }

  static boolean differs(JsonNode answer) {
    return Json.text(answer, "result").startsWith("differs");
  }

  static String render(JsonNode answer) {
    var text = new StringBuilder(Json.text(answer, "result"));
    text.append(": ").append(Json.text(answer, "message")).append(System.lineSeparator());
    var table = new Table(">term", "coordinator", ">events", ">missing", ">checkpoints", "result");
    for (var term : Json.list(answer.path("terms"))) {
      var reason = Json.find(term, "reason").map(why -> ": " + why.asText()).orElse("");
      table.row(
          Json.text(term, "term"),
          Json.text(term, "coordinator"),
          Json.text(term, "events"),
          Json.text(term, "missing"),
          Json.text(term, "checkpoints"),
          Json.text(term, "result") + reason);
    }
    return text.append(table.renderOr("")).toString();
  }
}
