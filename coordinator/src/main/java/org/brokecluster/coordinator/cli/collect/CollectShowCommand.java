package org.brokecluster.coordinator.cli.collect;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke collect show}: how many prompts and answers are kept. */
@Command(
    name = "show",
    description = "Show how many prompts and answers are kept, and since when.",
    sortOptions = false)
final class CollectShowCommand implements Callable<Integer> {
  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    return show(edge);
  }

  static int show(EdgeFlags edge) {
    return edge.show("/api/collect/summary", CollectShowCommand::render);
  }

  static String render(JsonNode state) {
    return render(state, ZoneId.systemDefault());
  }

  static String render(JsonNode state, ZoneId zone) {
    var text = new StringBuilder();
    boolean on = Json.flag(state, "on");
    line(
        text,
        "kept",
        on
            ? "yes, for " + Json.text(state, "days") + " days"
            : "no: say so with broke.history.store-content = true in cluster.conf");
    long texts = Json.number(state, "texts").orElse(0);
    if (texts > 0) {
      line(text, "texts", texts + " (" + Json.bytes(state, "bytes") + ")");
      line(
          text,
          "from",
          Figures.time(Json.text(state, "oldest"), zone)
              + " to "
              + Figures.time(Json.text(state, "newest"), zone));
      line(text, "sources", sources(state.path("sources")));
      line(text, "rated", Json.text(state, "rated"));
    } else {
      line(text, "texts", "none");
    }
    if (Json.number(state, "notes").orElse(0) > 0) {
      line(text, "notes", Json.text(state, "notes") + " about answers");
    }
    if (Json.number(state, "unreadable").orElse(0) > 0) {
      line(
          text,
          "sealed",
          Json.text(state, "unreadable")
              + " with a key that is not here: add the lines of the other coordinator's"
              + " history/content.key to this one's");
    }
    return text.toString();
  }

  private static String sources(JsonNode sources) {
    return sources.properties().stream()
        .map(each -> each.getKey() + " " + each.getValue().asText())
        .collect(Collectors.joining(", "));
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format("%-9s %s%n", name, value));
  }
}
