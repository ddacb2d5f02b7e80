package org.brokecluster.shared.cli;

import java.util.concurrent.Callable;
import org.brokecluster.shared.host.HostVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke coordinator}. */
@Command(
    name = "coordinator",
    description = {
      "Route and keep the history on a machine without models.",
      "",
      "  ./broke coordinator --join studio.local --bind 192.168.1.20 --insecure-lan",
      "",
      "A small machine that is always on keeps the cluster in service while the Macs sleep.",
      ""
    },
    sortOptions = false)
final class CoordinatorCommand implements Callable<Integer> {
  @Mixin private final HostFlags flags = new HostFlags();

  @Override
  public Integer call() {
    return HostStart.run(flags.options(HostVerb.COORDINATOR));
  }
}
