package org.brokecluster.coordinator.cli.operate;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke unpin MODEL}. */
@Command(
    name = "unpin",
    description = {
      "Let a model be unloaded again to make room, or when it is idle.",
      "",
      "  ./broke unpin qwen3-4b",
      ""
    },
    sortOptions = false)
final class UnpinCommand implements Callable<Integer> {
  @Mixin private ModelOrder order;

  @Override
  public Integer call() {
    return order.run("unpin");
  }
}
