package org.brokecluster.coordinator.cli.operate;

import java.util.List;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./broke drain NODE}. */
@Command(
    name = "drain",
    description = {
      "Let a machine finish what it runs and give it nothing new.",
      "",
      "  ./broke drain studio",
      "",
      "When it may work again: ./broke resume studio",
      ""
    },
    sortOptions = false)
final class DrainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NODE", description = "Name of the machine; see ./broke nodes.")
  private String node = "";

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    return Orders.print(edge, List.of(edge.client().order(node, "drain", Json.object())));
  }
}
