package org.brokecluster.coordinator.cli.operate;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./broke pin MODEL}: keeps a model in memory, or gives it free again. */
@Command(
    name = "pin",
    description = {
      "Keep a model in memory whatever else is needed.",
      "",
      "  ./broke pin qwen3-4b --node studio",
      "  ./broke pin qwen3-4b --off             the same as ./broke unpin qwen3-4b",
      ""
    },
    sortOptions = false)
final class PinCommand implements Callable<Integer> {
  @Option(names = "--off", description = "Allow it to be unloaded again.")
  private boolean off;

  @Mixin private ModelOrder order;

  @Override
  public Integer call() {
    return off ? order.run("unpin") : order.run("pin");
  }
}
