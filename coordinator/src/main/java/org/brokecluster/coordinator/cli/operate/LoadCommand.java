package org.brokecluster.coordinator.cli.operate;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke load MODEL}. */
@Command(
    name = "load",
    description = {
      "Bring a model into memory before it is asked for, and show how that goes.",
      "",
      "  ./broke load qwen3-4b                  on every machine that has it",
      "  ./broke load qwen3-4b --node studio    there alone",
      ""
    },
    sortOptions = false)
final class LoadCommand implements Callable<Integer> {
  @Mixin private ModelOrder order;

  @Override
  public Integer call() {
    return order.load();
  }
}
