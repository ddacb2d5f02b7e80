package org.brokecluster.coordinator.cli.operate;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke unload MODEL}. */
@Command(
    name = "unload",
    description = {
      "Take a model out of memory; it stays on disk. A pinned one has to be unpinned first.",
      "",
      "  ./broke unload qwen3-4b --node studio",
      ""
    },
    sortOptions = false)
final class UnloadCommand implements Callable<Integer> {
  @Mixin private ModelOrder order;

  @Override
  public Integer call() {
    return order.run("unload");
  }
}
