package org.brokecluster.coordinator.cli.look;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.client.EdgePath;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Moment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./broke status}: how the cluster is doing, on one screen. */
@Command(
    name = "status",
    description = {
      "Show how the cluster is doing: router, queue, history, machines.",
      "",
      "  ./broke status",
      "  ./broke status --at \"2026-11-21 14:03\"    as it was then",
      ""
    },
    sortOptions = false)
final class StatusCommand implements Callable<Integer> {
  private static final String NO_MODEL =
      "no machine has a model yet: fetch one with ./broke pull, or start with a model server that"
          + " runs already: ./broke up --runtime openai=URL";

  @Option(
      names = "--at",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "As it was at a past moment: " + Moment.FORMS + ".")
  private @Nullable Instant at;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    if (at != null) {
      return edge.show(EdgePath.of("/api/cluster/at").with("time", at).text(), PastText::render);
    }
    return edge.show("/api/cluster/status", StatusCommand::render);
  }

  static String render(JsonNode answer) {
    var text = new StringBuilder();
    line(text, "edge", Json.text(answer, "node"));
    line(text, "ready", ready(answer));
    line(text, "router", router(answer));
    line(text, "strategy", Json.text(answer, "strategy"));
    line(text, "waiting", waiting(answer));
    line(text, "running", running(answer));
    line(text, "history", history(answer));
    line(text, "", Json.text(answer, "historyTrouble"));
    line(text, "texts", texts(answer.path("content")));
    var config = Json.text(answer, "config");
    if (!config.equals("ok")) {
      line(text, "config", config);
    }
    line(text, "version", Json.text(answer, "version"));
    var nodes = Json.list(answer.path("nodes"));
    if (!nodes.isEmpty()) {
      text.append(System.lineSeparator()).append(NodesTable.render(answer));
    }
    if (modelsMissing(answer)) {
      text.append(System.lineSeparator()).append(NO_MODEL).append(System.lineSeparator());
    }
    return text.toString();
  }

  /** Whether somebody would run models and has none to run. */
  private static boolean modelsMissing(JsonNode answer) {
    var nodes = Json.list(answer.path("nodes"));
    return nodes.stream()
            .flatMap(node -> Json.list(node, "roles").stream())
            .anyMatch(role -> role.asText().equals("node"))
        && nodes.stream().allMatch(node -> Json.list(node, "models").isEmpty());
  }

  private static void line(StringBuilder text, String name, String value) {
    if (!value.equals("-")) {
      text.append(String.format("%-9s %s%n", name, value));
    }
  }

  private static String ready(JsonNode answer) {
    var ready = Json.find(answer, "ready");
    if (ready.isEmpty()) {
      return "-";
    }
    var reasons = Json.list(answer.path("reasons")).stream().map(JsonNode::asText).toList();
    return ready.get().asBoolean() ? "yes" : "no: " + String.join("; ", reasons);
  }

  private static String router(JsonNode answer) {
    var where = Json.text(answer, "coordinator");
    return where.equals("-")
        ? "none known: new answers wait for a coordinator"
        : where + ", term " + Json.text(answer, "term");
  }

  private static String waiting(JsonNode answer) {
    var waiting = Json.text(answer, "queued");
    var queue = answer.path("queue");
    if (queue.isMissingNode() || queue.isNull()) {
      return waiting;
    }
    var classes = new ArrayList<String>();
    queue
        .path("waitingByClass")
        .properties()
        .forEach(each -> classes.add(each.getKey() + " " + each.getValue().asText()));
    long oldest = Json.number(queue, "oldestMs").orElse(0) / 1000;
    return waiting
        + " of at most "
        + Json.text(queue, "bound")
        + (classes.isEmpty() ? "" : ": " + String.join(", ", classes))
        + (oldest > 0 ? ", the oldest for " + oldest + " s" : "");
  }

  private static String running(JsonNode answer) {
    var running = Json.text(answer, "running");
    var most = Json.text(answer.path("queue"), "concurrency");
    return running.equals("-") || most.equals("-") ? running : running + " of at most " + most;
  }

  /** Whether prompts and answers are kept; nothing where nobody wants that. */
  private static String texts(JsonNode content) {
    boolean here = Json.flag(content, "here");
    boolean kept = Json.flag(content, "kept");
    if (!here && !kept) {
      return "-";
    }
    if (!here) {
      return "prompts and answers are kept by the coordinator; not those of calls to this host";
    }
    long waiting = Json.number(content, "waiting").orElse(0);
    long lost = Json.number(content, "lost").orElse(0);
    return (kept
            ? "prompts and answers of calls to this host are kept; see ./broke collect"
            : "not kept: this host would, but no coordinator (broke.history.store-content)")
        + (waiting > 0 ? ", " + waiting + " not yet stored" : "")
        + (lost > 0 ? ", " + lost + " lost" : "");
  }

  private static String history(JsonNode answer) {
    long backlog = Json.number(answer, "historyBacklog").orElse(0);
    long lost = Json.number(answer, "historyLost").orElse(0);
    return Json.text(answer, "history")
        + (backlog > 0 ? ", " + backlog + " events not yet stored" : "")
        + (lost > 0 ? ", " + lost + " events lost" : "")
        + historyPlace(answer);
  }

  /** Where it is, and what that means when another coordinator takes over. */
  private static String historyPlace(JsonNode answer) {
    var place = Json.find(answer, "historyPlace");
    if (place.isEmpty()) {
      return "";
    }
    return Json.flag(answer, "historyShared")
        ? ", on %s: whichever coordinator takes over goes on with it"
            .formatted(place.get().asText())
        : ", in a file of %s (%s): it stays there, another coordinator would begin its own"
            .formatted(Json.text(answer, "coordinator"), place.get().asText());
  }
}
