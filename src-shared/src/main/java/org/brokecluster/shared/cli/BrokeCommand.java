package org.brokecluster.shared.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root of the command line: {@code ./broke}. Called alone, it shows what can be done. */
@Command(
    name = "./broke",
    synopsisSubcommandLabel = "VERB",
    abbreviateSynopsis = true,
    header = "BROKE Cluster: your Macs as one private LLM service.",
    description = {
      "",
      "Try it on this machine, with simulated Macs and no model to download:",
      "  @|bold ./broke demo|@",
      "",
      "Run it for real: on the first Mac, then on each further one:",
      "  @|bold ./broke up|@",
      "  @|bold ./broke node --join HOST|@",
      "",
      "Then ask, and see why it answered as it did:",
      "  @|bold ./broke chat \"Why is the sky blue?\"|@",
      "  @|bold ./broke route \"Refactor this module\"|@",
      ""
    },
    commandListHeading = "%nVerbs:%n",
    footer = {
      "",
      "Every verb explains itself: ./broke VERB --help",
      "Exit codes: 0 done, 1 did not succeed, 2 called or configured wrongly"
    })
final class BrokeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }
}
