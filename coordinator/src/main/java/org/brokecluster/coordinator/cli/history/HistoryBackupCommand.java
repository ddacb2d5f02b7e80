package org.brokecluster.coordinator.cli.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.brokecluster.coordinator.history.backup.BackupCheck;
import org.brokecluster.coordinator.history.backup.BackupFile;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./broke history backup}: the whole history of a running cluster in one file. */
@Command(
    name = "backup",
    description = {
      "Write the whole history of the running cluster into a file.",
      "",
      "The cluster goes on meanwhile; the file has all up to the moment it was begun:"
          + " events with their checkpoints, ratings, and whom the ids in them stand for."
          + " Compressed lines of JSON with a checksum, for either kind of database.",
      "",
      "Prompts and answers that are kept are in it with --with-texts only, sealed as they"
          + " are: keep history/content.key of the coordinator's data folder too, elsewhere. What"
          + " is deleted later (by age, or with its person) stays in such a file.",
      "",
      "  ./broke history backup history.jsonl.gz",
      "  ./broke history backup everything.jsonl.gz --with-texts",
      ""
    },
    sortOptions = false)
final class HistoryBackupCommand implements Callable<Integer> {
  private static final int SHOW_EVERY = 100;

  @Parameters(paramLabel = "FILE", description = "A file that does not exist yet.")
  private Path file = Path.of("history.jsonl.gz");

  @Option(
      names = "--with-texts",
      description = "Also prompts and answers that are kept, sealed as they are.")
  private boolean texts;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    if (Files.exists(file)) {
      throw VerbException.misuse(file + " is there already: choose another name, or remove it");
    }
    var client = edge.client();
    var progress = ProgressLine.on(edge.err());
    try (var reply = client.read("/api/history/backup" + (texts ? "?texts=true" : ""))) {
      var copied =
          new BackupFile(file).write(reply.lines(), (line, check) -> show(progress, check));
      progress.clear();
      print(copied);
      return ExitCode.OK;
    } catch (IOException e) {
      progress.clear();
      throw VerbException.failed(
          "the backup was not made: what %s sent %s. Nothing was written; run it again"
              .formatted(client.base(), e.getMessage()));
    }
  }

  private static void show(ProgressLine progress, BackupCheck check) {
    if (check.rows() % SHOW_EVERY == 0) {
      progress.show("copying: %d of %d rows".formatted(check.rows(), check.rowsInAll()));
    }
  }

  private void print(BackupCheck copied) throws IOException {
    long bytes = Files.size(file);
    if (edge.json()) {
      var json = Json.object().put("file", file.toString()).put("rows", copied.rows());
      json.put("people", copied.people()).put("texts", copied.texts());
      json.put("textsLeftOut", copied.textsLeftOut());
      edge.out().println(Json.pretty(json.put("bytes", bytes)));
    } else {
      edge.out()
          .printf(
              "wrote %s: %s, %s%n",
              file, counts(copied.rows(), copied.people(), copied.texts()), Figures.bytes(bytes));
      edge.out().print(aboutTexts(copied));
    }
    edge.out().flush();
  }

  /** What is in a backup, in words. */
  static String counts(long rows, long people, long texts) {
    return "%d rows, %d %s%s"
        .formatted(
            rows,
            people,
            people == 1 ? "person" : "people",
            texts == 0 ? "" : ", %d kept texts and notes".formatted(texts));
  }

  private static String aboutTexts(BackupCheck copied) {
    if (copied.texts() > 0) {
      return "the texts are sealed: without history/content.key of the coordinator's data folder"
          + " nobody can read them, so keep that file too, elsewhere\n";
    }
    return copied.textsLeftOut() > 0
        ? "%d kept prompts and answers are not in it: --with-texts takes them along, sealed%n"
            .formatted(copied.textsLeftOut())
        : "";
  }
}
