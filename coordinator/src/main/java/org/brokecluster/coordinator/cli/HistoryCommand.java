package org.brokecluster.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./broke history}: what the router did, newest last. */
@Command(
    name = "history",
    description = {
      "Show what the router did: requests, decisions, machines that came and went.",
      "",
      "Prompts and answers are never in it.",
      ""
    },
    sortOptions = false)
final class HistoryCommand implements Callable<Integer> {
  private static final int LIMIT_MAX = 10_000;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many events, at most 10000. Default: ${DEFAULT-VALUE}.")
  private int limit = 50;

  @Option(
      names = "--before",
      paramLabel = "NUMBER",
      description = "Only events before this one; the first column of an earlier page.")
  private @Nullable String before;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw VerbException.misuse("--limit must be within 1 and " + LIMIT_MAX + ", is " + limit);
    }
    var page = before == null ? "" : "&before=" + before;
    return edge.show("/api/history?limit=" + limit + page, HistoryCommand::render);
  }

  static String render(JsonNode answer) {
    return render(answer, ZoneId.systemDefault());
  }

  static String render(JsonNode answer, ZoneId zone) {
    var table = new Table(">number", "time", "event", "request", "what");
    for (var row : Json.list(answer, "events")) {
      var event = Json.find(row, "event").filter(JsonNode::isObject).orElse(row);
      table.row(
          Json.text(row, "number", "sequence", "id"),
          time(Json.text(event, "at"), zone),
          Json.text(event, "type"),
          request(event),
          HistoryText.of(event));
    }
    return table.renderOr("nothing has happened yet");
  }

  private static String request(JsonNode event) {
    var attempt = Json.find(event, "attempt", "report.attempt").filter(JsonNode::isObject);
    return attempt
        .map(id -> Json.text(id, "request") + "/" + Json.text(id, "number"))
        .orElseGet(() -> Json.text(event, "request", "attempt", "report.attempt"));
  }

  private static String time(String instant, ZoneId zone) {
    try {
      var format = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(zone);
      return format.format(Instant.parse(instant));
    } catch (DateTimeParseException e) {
      return instant;
    }
  }
}
