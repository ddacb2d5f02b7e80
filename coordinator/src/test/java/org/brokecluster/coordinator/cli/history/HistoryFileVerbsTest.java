package org.brokecluster.coordinator.cli.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.cli.client.FakeEdge;
import org.brokecluster.coordinator.history.SampleEvents;
import org.brokecluster.coordinator.history.backup.BackupJson;
import org.brokecluster.coordinator.history.backup.BackupLine;
import org.brokecluster.coordinator.history.journal.EventBatchJson;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.brokecluster.coordinator.history.journal.TermLog;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.host.DataFolderLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The history into a file and out of it, from the command line. */
class HistoryFileVerbsTest {
  @TempDir Path folder;
  private final FakeEdge edge = new FakeEdge();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path file;
  private Path dataDir;

  @BeforeEach
  void choose() throws IOException {
    file = folder.resolve("h.jsonl.gz");
    dataDir = folder.resolve("data");
    Files.writeString(folder.resolve("cluster.conf"), "");
  }

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void saysThatThereIsNoSuchFile() throws IOException {
    assertThat(restore()).isEqualTo(1);

    assertThat(err.toString()).contains("cannot read " + file + ": no such file");
  }

  @Test
  void makesAFileOfARunningHistoryAndAHistoryOfTheFile() throws IOException {
    backUp();
    assertThat(edge.out()).startsWith("wrote " + file + ": 4 rows, 1 person, ");

    assertThat(restore()).as(err.toString()).isZero();

    assertThat(out.toString())
        .contains("restored into " + dataDir.resolve("history"))
        .contains("4 rows, 1 person")
        .contains("replay: identical: 30 events in 1 term lead to the 1 recorded state");
    assertThat(Files.readString(dataDir.resolve("router-term")).strip())
        .as("the next router takes a higher one")
        .isEqualTo("17");
  }

  @Test
  void saysWhatBecameOfKeptTexts() throws IOException {
    var lines = new ArrayList<>(lines());
    lines.set(0, BackupJson.write(new BackupLine.Header(1, 5, "0.1.0", 4, 7)));
    edge.says("/api/history/backup", text(lines));
    var text =
        new BackupLine.Text("r-1", 5, "api", null, "k1", new RawRow.Payload(new byte[] {1, 2}));
    lines.set(lines.size() - 1, BackupJson.write(text));
    lines.add(BackupJson.write(new BackupLine.End(4, 1, 1, null)));
    edge.says("/api/history/backup?texts=true", text(lines));

    assertThat(edge.run(new HistoryBackupCommand(), file.toString())).isZero();
    assertThat(edge.out()).contains("7 kept prompts and answers are not in it: --with-texts");
    Files.delete(file);
    assertThat(edge.run(new HistoryBackupCommand(), file.toString(), "--with-texts"))
        .as(edge.err())
        .isZero();
    assertThat(edge.out()).contains("1 kept texts and notes").contains("history/content.key");
    assertThat(restore()).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("the texts are still sealed")
        .contains(dataDir.resolve("history").resolve("content.key").toString());
  }

  @Test
  void refusesToRestoreOverAHistory() throws IOException {
    backUp();
    restore();

    assertThat(restore()).isEqualTo(1);

    assertThat(err.toString())
        .contains("has a history of 4 rows and 1 people already")
        .contains("name an empty one with --into or --data-dir");
  }

  @Test
  void refusesADamagedFileAndLeavesNothing() throws IOException {
    backUp();
    var bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    assertThat(restore()).isEqualTo(1);

    assertThat(err.toString()).contains(file.toString()).contains("Nothing was restored");
    assertThat(dataDir.resolve("router-term")).doesNotExist();
    assertThat(dataDir.resolve("history")).doesNotExist();
  }

  @Test
  void refusesAFolderWhoseHostRuns() throws Exception {
    backUp();

    var lock = DataFolderLock.take(dataDir);
    assertThat(restore()).isEqualTo(1);
    lock.close();

    assertThat(err.toString()).contains("is in use by process").contains("--data-dir");
  }

  @Test
  void saysThatTheCopyBrokeOffAndLeavesNoFile() throws IOException {
    var text = text(lines());
    edge.says("/api/history/backup", text.substring(0, text.length() / 2));

    assertThat(edge.run(new HistoryBackupCommand(), file.toString())).isEqualTo(1);

    assertThat(edge.err()).contains("the backup was not made").contains("run it again");
    assertThat(file).doesNotExist();
  }

  @Test
  void overwritesNoFile() throws IOException {
    backUp();

    assertThat(edge.run(new HistoryBackupCommand(), file.toString())).isEqualTo(2);

    assertThat(edge.err()).contains("is there already");
  }

  private void backUp() throws IOException {
    edge.says("/api/history/backup", text(lines()));
    assertThat(edge.run(new HistoryBackupCommand(), file.toString())).as(edge.err()).isZero();
  }

  private int restore() {
    return new CommandLine(new HistoryRestoreCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setExecutionExceptionHandler(
            (e, command, result) -> {
              if (e instanceof VerbException failure) {
                command.getErr().println(failure.getMessage());
                return failure.exitCode();
              }
              throw e;
            })
        .execute(
            file.toString(), "--data-dir", dataDir.toString(), "--config-dir", folder.toString());
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  private static List<String> lines() {
    var log = new TermLog(SampleEvents.COORDINATOR, 17, new TermLog.Limits(10, 1000, 1000));
    log.add(1, SampleEvents.termStarted(17, SampleEvents.START));
    var events = new SampleEvents(1, SampleEvents.START);
    for (int number = 2; number <= 30; number++) {
      log.add(number, events.next());
    }
    log.close();
    var rows = new ArrayList<BackupLine>();
    for (var row : log.head(100)) {
      rows.add(row(row.id(), rows.size() + 1, EventBatchJson.encode(row.batch())));
    }
    var lines = new ArrayList<BackupLine>();
    lines.add(new BackupLine.Header(1, 5, "0.1.0", rows.size(), 0));
    lines.addAll(rows);
    lines.add(new BackupLine.Person("u-1", "ada", 5));
    lines.add(new BackupLine.End(rows.size(), 1, 0, null));
    return lines.stream().map(BackupJson::write).toList();
  }

  private static BackupLine row(HistoryId id, long sequence, byte[] bytes) {
    var payload = new RawRow.Payload(bytes);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).startsWith("{");
    return new BackupLine.Row(new RawRow(id, sequence, EventBatchJson.MANIFEST, payload), 5);
  }
}
