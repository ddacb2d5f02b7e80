package org.brokecluster.coordinator.cli.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.client.EdgePath;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Table;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./broke history}: the latest requests, newest first. */
@Command(
    name = "history",
    description = {
      "Show the latest requests: who answered them, how fast, how they ended.",
      "",
      "Prompts and answers are never in it. One request in full: ./broke explain ID",
      "",
      "  ./broke history --status failed --from 2026-11-20",
      "  ./broke history --by node             figures for each machine",
      "  ./broke history --export csv > h.csv  all of it, or what the options leave",
      "  ./broke history --forget ada          nobody can tell what she asked for",
      "  ./broke history backup FILE           all of it in a file, see also: restore",
      ""
    },
    subcommands = {HistoryBackupCommand.class, HistoryRestoreCommand.class},
    sortOptions = false)
final class HistoryCommand implements Callable<Integer> {
  private static final EdgePath HISTORY = EdgePath.of("/api/history");
  private static final int LIMIT_MAX = 500;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many requests, at most 500. Default: ${DEFAULT-VALUE}.")
  private int limit = 20;

  @Option(
      names = "--before",
      paramLabel = "CURSOR",
      description = "The page after this one; its cursor is below each page.")
  private @Nullable String before;

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      description = "Figures in groups: model, node, tier, user, role, strategy or state.")
  private @Nullable String by;

  @Option(
      names = "--attempts",
      description = {
        "With --by: count every attempt, also those that broke and were followed by another;",
        "model, node, tier, strategy, state or failure."
      })
  private boolean attempts;

  @Option(
      names = "--export",
      paramLabel = "FORMAT",
      description = "Write every request that matches: csv, jsonl, or usage for a usage log.")
  private @Nullable String export;

  @Option(
      names = "--forget",
      paramLabel = "NAME",
      description = "Delete who is behind a person's ids in the history.")
  private @Nullable String forget;

  @Mixin private HistoryFlags which;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw VerbException.misuse("--limit must be within 1 and " + LIMIT_MAX + ", is " + limit);
    }
    if ((forget == null ? 0 : 1) + (export == null ? 0 : 1) + (by == null ? 0 : 1) > 1) {
      throw VerbException.misuse("--by, --export and --forget are three different things: say one");
    }
    if (attempts && by == null) {
      throw VerbException.misuse(
          "--attempts says what --by counts: ./broke history --by node --attempts");
    }
    if (forget != null) {
      var person = EdgePath.of("/api/history/users").part(forget).text();
      return edge.print(edge.client().delete(person), HistoryCommand::renderForgotten);
    }
    if (export != null) {
      edge.client().copy(which.onto(HISTORY.with("format", export)).text(), System.out);
      return ExitCode.OK;
    }
    if (by != null) {
      var summary =
          EdgePath.of("/api/history/summary")
              .with("by", by)
              .with("of", attempts ? "attempts" : null);
      return edge.show(which.onto(summary).text(), HistorySummary::render);
    }
    var page = HISTORY.with("limit", limit).with("before", before);
    return edge.show(
        which.onto(page).text(), answer -> render(answer, ZoneId.systemDefault(), nothing()));
  }

  static String renderForgotten(JsonNode answer) {
    var ids = Json.number(answer, "forgotten").orElse(0);
    var texts = Json.number(answer, "texts").orElse(0);
    return (ids == 0
            ? "nobody of that name is known"
            : "forgotten: ids=" + ids + (texts > 0 ? ", kept texts deleted: " + texts : ""))
        + System.lineSeparator();
  }

  /** What an empty page means, and what to do next. */
  private String nothing() {
    if (before != null) {
      return "there are no older requests";
    }
    return which.isEmpty()
        ? "nobody has asked for anything yet: ./broke chat \"Why is the sky blue?\""
        : "no request matches; all of them: ./broke history";
  }

  static String render(JsonNode answer, ZoneId zone, String nothing) {
    var table =
        new Table(
            "time", "request", "state", "asked", "model", "node", ">tokens", ">first", ">whole",
            "");
    for (var request : Json.list(answer, "items")) {
      table.row(
          Figures.time(Json.text(request, "at"), zone),
          Json.text(request, "request"),
          Json.text(request, "state"),
          Json.text(request, "modelAsked"),
          Json.text(request, "model"),
          Json.text(request, "node"),
          tokens(request),
          Json.millis(request, "firstTokenMs"),
          Json.millis(request, "totalMs"),
          note(request));
    }
    var next = Json.find(answer, "next").map(JsonNode::asText).orElse("");
    return table.renderOr(nothing)
        + (next.isEmpty()
            ? ""
            : "older ones: the same with --before " + next + System.lineSeparator());
  }

  /** Absent where there was no answer at all, as are its times. */
  private static String tokens(JsonNode request) {
    boolean nothing =
        Json.find(request, "firstTokenMs").isEmpty()
            && Json.number(request, "completionTokens").orElse(0) == 0;
    return nothing ? "-" : Json.text(request, "completionTokens");
  }

  private static String note(JsonNode request) {
    var attempts = Json.number(request, "attempts").orElse(1);
    var error = Json.find(request, "error").map(JsonNode::asText).orElse("");
    return attempts > 1 ? attempts + " attempts " + error : error;
  }
}
