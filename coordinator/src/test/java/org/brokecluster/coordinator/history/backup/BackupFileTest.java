package org.brokecluster.coordinator.history.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.brokecluster.coordinator.history.SampleEvents;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupFileTest {
  private static final HistoryId ID =
      HistoryId.parse("routing-studio-m2-1-2026-11-21").orElseThrow();

  @TempDir Path folder;

  @Test
  void hasEveryLineThatWasWritten() throws IOException {
    var lines = lines(3, 2);
    write(lines);

    var read = new ArrayList<String>();
    var check =
        new BackupFile(file())
            .<RuntimeException>read((line, soFar) -> read.add(BackupJson.write(line)));

    assertThat(read).startsWith(lines.subList(0, 6).toArray(String[]::new)).hasSize(7);
    assertThat(check.rows()).isEqualTo(3);
    assertThat(check.people()).isEqualTo(2);
    assertThat(folder.toFile().listFiles()).containsExactly(file().toFile());
  }

  @Test
  void keepsTheBytesOfARowWhateverTheyAre() throws IOException {
    var damaged = new byte[] {'{', (byte) 0xc3, 0x28, (byte) 0xff};
    var odd = "{\"x\":\"ä\\u2028 \uD83D\uDE00 \\\"\n\"}".getBytes(StandardCharsets.UTF_8);

    for (var bytes : List.of(damaged, odd)) {
      var row = new BackupLine.Row(new RawRow(ID, 1, "m", new RawRow.Payload(bytes)), 5);
      var read = (BackupLine.Row) BackupJson.read(BackupJson.write(row));
      assertThat(read.row().payload().bytes()).isEqualTo(bytes);
      assertThat(read.writtenAt()).isEqualTo(5);
    }
  }

  @Test
  void leavesNoFileWhenTheLinesBreakOff() {
    var lines = lines(3, 2);

    for (int kept : List.of(0, 1, 3, 5, 6)) {
      assertThatIOException()
          .as("%d lines", kept)
          .isThrownBy(() -> write(lines.subList(0, kept)))
          .withMessageMatching("is empty|is cut off after [0-3] of 3 rows");
    }
    assertThatIOException().isThrownBy(() -> write(text(lines).substring(0, 400)));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesAFileThatIsCutOffAnywhere() throws IOException {
    write(lines(20, 2));
    var whole = Files.readAllBytes(file());

    for (int length : List.of(1, 5, 30, whole.length / 2, whole.length - 9, whole.length - 1)) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertRefused(".*(cut off|damaged).*");
    }
  }

  @Test
  void refusesAFileThatWasAltered() throws IOException {
    write(lines(20, 2));
    var text = unzipped();

    zip(text.replace("n\\\":7}", "n\\\":8}"));
    assertRefused("line 24 has another checksum: the file was altered or damaged");
    zip(text.replace("ada-1", "eve-1"));
    assertRefused("line 24 has another checksum: the file was altered or damaged");
    zip(text.replaceFirst("(?m)^.*n...7}.*\n", ""));
    assertRefused("line 23 ends 19 rows, 2 people and 0 texts, announced were 20, 2 and 0");
    zip(text.replaceAll(",\"sha256\":\"[0-9a-f]+\"", ""));
    assertRefused("has no checksum");
    zip(text + "{\"kind\":\"person\",\"id\":\"x\",\"name\":\"y\",\"firstSeen\":1}\n");
    assertRefused("line 25 comes after the end");
  }

  @Test
  void refusesRowsOutOfOrderAndWhatIsNoBackup() throws IOException {
    var lines = new ArrayList<>(lines(3, 0));
    lines.add(2, lines.remove(3));
    assertThatIOException().isThrownBy(() -> write(lines)).withMessageContaining("out of order");

    zip("{\"a\":1}\n");
    assertRefused("line 1 is of an unknown kind: ");
    zip("hello\n");
    assertRefused("line 1 is not JSON.*");
    Files.writeString(file(), "not even zipped");
    assertRefused("is damaged, or no backup.*");
  }

  @Test
  void refusesALaterVersionOfTheFormat() throws IOException {
    write(lines(1, 0));
    zip(unzipped().replace("\"version\":1", "\"version\":3"));

    assertRefused("line 1 was written by program 0.1.0 in version 3 of the format, .*knows 2");
  }

  private Path file() {
    return folder.resolve("h.jsonl.gz");
  }

  private void assertRefused(String reason) {
    assertThatIOException()
        .isThrownBy(() -> new BackupFile(file()).<RuntimeException>read((line, check) -> {}))
        .withMessageMatching(reason);
  }

  private void write(List<String> lines) throws IOException {
    write(text(lines));
  }

  private void write(String text) throws IOException {
    new BackupFile(file()).write(new StringReader(text), (line, check) -> {});
  }

  private static String text(List<String> lines) {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  private static List<String> lines(int rows, int people) {
    var lines = new ArrayList<BackupLine>();
    var at = SampleEvents.START.toEpochMilli();
    lines.add(new BackupLine.Header(1, at, "0.1.0", rows, 0));
    for (int i = 1; i <= rows; i++) {
      var payload = new RawRow.Payload(("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8));
      lines.add(new BackupLine.Row(new RawRow(ID, i, "routing-batch:1", payload), at + i));
    }
    for (int i = 1; i <= people; i++) {
      lines.add(new BackupLine.Person("u-" + i, "ada-" + i, at));
    }
    lines.add(new BackupLine.End(rows, people, 0, null));
    return lines.stream().map(BackupJson::write).toList();
  }

  private String unzipped() throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(file()))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void zip(String text) throws IOException {
    try (var out = new GZIPOutputStream(Files.newOutputStream(file()))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
