package org.brokecluster.shared.cli;

import java.util.concurrent.Callable;
import org.brokecluster.shared.host.HostVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke node}. */
@Command(
    name = "node",
    description = {
      "Join a cluster with this Mac and run models for it.",
      "",
      "Example: ./broke node --join studio.local --bind 192.168.1.12 --insecure-lan",
      ""
    },
    sortOptions = false)
final class NodeCommand implements Callable<Integer> {
  @Mixin private final HostFlags flags = new HostFlags();

  @Override
  public Integer call() {
    return HostStart.run(flags.options(HostVerb.NODE));
  }
}
