package org.brokecluster.coordinator.cli.look;

import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke nodes}: every machine of the cluster. */
@Command(
    name = "nodes",
    description = {
      "Show every machine: state, memory, load, power, heat and models.",
      "",
      "  ./broke nodes",
      "  ./broke nodes --url http://studio.local:8000 --json",
      ""
    },
    sortOptions = false)
final class NodesCommand implements Callable<Integer> {
  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    return edge.show("/api/nodes", NodesTable::render);
  }
}
