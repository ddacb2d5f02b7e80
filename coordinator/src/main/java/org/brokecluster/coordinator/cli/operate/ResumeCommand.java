package org.brokecluster.coordinator.cli.operate;

import java.util.List;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./broke resume NODE}. */
@Command(
    name = "resume",
    description = {"Give work to a drained machine again.", "", "  ./broke resume studio", ""},
    sortOptions = false)
final class ResumeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NODE", description = "Name of the machine; see ./broke nodes.")
  private String node = "";

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    return Orders.print(edge, List.of(edge.client().order(node, "resume", Json.object())));
  }
}
