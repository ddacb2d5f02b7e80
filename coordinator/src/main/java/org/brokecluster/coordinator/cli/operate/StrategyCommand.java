package org.brokecluster.coordinator.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./broke strategy [NAME]}: shows or sets how the router chooses. */
@Command(
    name = "strategy",
    description = {
      "Show or set how the router chooses for requests that do not say.",
      "",
      "  ./broke strategy                  the one in force, and all others",
      "  ./broke strategy speed-priority   take another, at once",
      "",
      "A restart goes back to broke.router.strategy of cluster.conf.",
      ""
    },
    sortOptions = false)
final class StrategyCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The strategy to take.")
  private @Nullable String name;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    var client = edge.client();
    var answer =
        name == null
            ? client.get("/api/config")
            : client.put("/api/config", Json.object().put("strategy", name));
    return edge.print(answer, StrategyCommand::render);
  }

  static String render(JsonNode answer) {
    var current = Json.text(answer, "strategy");
    var text = new StringBuilder();
    boolean listed = false;
    for (var strategy : Json.list(answer, "strategies")) {
      var each = strategy.isTextual() ? strategy.asText() : Json.text(strategy, "name");
      listed |= each.equals(current);
      text.append(each.equals(current) ? "* " : "  ").append(each).append(System.lineSeparator());
    }
    // balanced:0 to balanced:1 stand in no list.
    return listed ? text.toString() : text + "* " + current + System.lineSeparator();
  }
}
