package org.brokecluster.coordinator.cli.collect;

import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke collect}: prompts and answers as a data set. Without a verb it shows them. */
@Command(
    name = "collect",
    description = {
      "Prompts and answers as a data set of your own, a line of JSON each.",
      "",
      "Nothing is kept unless you say so, on the host that is called and on the coordinator, in"
          + " cluster.conf: broke.history.store-content = true",
      "",
      "Then they lie in the history's database for 30 days, sealed with a key in the data folder."
          + " Keys, passwords, e-mail addresses and names of home folders are taken out before"
          + " anything leaves, and what broke.collect.redact says.",
      "",
      "  ./broke collect show                  how much there is",
      "  ./broke collect export --dry-run      what would be taken out",
      "  ./broke collect export data.jsonl     write it down",
      "  ./broke collect import mine.jsonl     add your own, or a benchmark run",
      "  ./broke collect delete --all          and away",
      ""
    },
    subcommands = {
      CollectShowCommand.class,
      CollectExportCommand.class,
      CollectImportCommand.class,
      CollectDeleteCommand.class
    },
    sortOptions = false)
final class CollectCommand implements Callable<Integer> {
  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    return CollectShowCommand.show(edge);
  }
}
