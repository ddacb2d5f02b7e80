package org.brokecluster.shared.cli;

import java.util.concurrent.Callable;
import org.brokecluster.shared.host.HostVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke up}. */
@Command(
    name = "up",
    description = {
      "Start this Mac: serve HTTP and run models; the first one founds the cluster.",
      "",
      "On the first Mac:    ./broke up",
      "On every further:    ./broke up --join HOST",
      "A server at hand:    ./broke up --runtime openai=http://127.0.0.1:8080",
      ""
    },
    sortOptions = false)
final class UpCommand implements Callable<Integer> {
  @Mixin private final HostFlags flags = new HostFlags();

  @Override
  public Integer call() {
    return HostStart.run(flags.options(HostVerb.UP));
  }
}
