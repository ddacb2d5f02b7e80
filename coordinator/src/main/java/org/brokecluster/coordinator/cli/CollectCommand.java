package org.brokecluster.coordinator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./broke collect}: prompts and answers as a data set. Without a verb it shows them. */
@Command(
    name = "collect",
    description = {
      "Prompts and answers as a data set of your own: MultiPL-E's fields, a line of JSON each.",
      "",
      "Nothing is kept unless you say so, in cluster.conf of every host whose calls are meant and of",
      "the coordinator:  broke.history.store-content = true",
      "They lie in the history's database, sealed with a key in the data folder, for 30 days.",
      "Keys, passwords, e-mail addresses and names of home folders are taken out before anything",
      "leaves, and what broke.collect.redact says.",
      "",
      "  ./broke collect show                  how much there is",
      "  ./broke collect export --dry-run      what would be taken out",
      "  ./broke collect export data.jsonl     write it down",
      "  ./broke collect import mine.jsonl     add problems of your own, or a benchmark run",
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
