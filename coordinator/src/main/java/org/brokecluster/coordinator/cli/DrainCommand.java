package org.brokecluster.coordinator.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./broke drain NODE}. */
@Command(
    name = "drain",
    description = "Let a machine finish what it runs and give it nothing new.",
    sortOptions = false)
final class DrainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NODE", description = "Name of the machine; see ./broke nodes.")
  private String node = "";

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    return Orders.print(
        edge, List.of(edge.client().order(NodePath.of(node, "/drain"), Json.object())));
  }
}
