package org.brokecluster.coordinator.cli.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.GZIPOutputStream;
import org.brokecluster.coordinator.cli.client.FakeEdge;
import org.brokecluster.coordinator.cli.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectVerbsTest {
  private static final String SUMMARY =
      "{\"on\":true,\"days\":30,\"texts\":3,\"bytes\":2048,\"oldest\":\"2026-11-20T10:00:00Z\","
          + "\"newest\":\"2026-11-21T10:00:00Z\",\"sources\":{\"api\":2,\"hand\":1},\"rated\":1,"
          + "\"notes\":1,\"unreadable\":0}";
  private static final String FIRST =
      "{\"items\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"texts\":2,"
          + "\"redactions\":{\"email\":2,\"api-key\":1},\"unreadable\":0,\"next\":\"7:b\"}";
  private static final String LAST =
      "{\"items\":[{\"name\":\"c\"}],\"texts\":1,\"redactions\":{\"email\":1},\"unreadable\":1,"
          + "\"next\":null}";

  @TempDir Path folder;
  private final FakeEdge edge = new FakeEdge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void showsWhatIsKept() {
    edge.says("/api/collect/summary", SUMMARY);

    assertThat(edge.run(new CollectShowCommand())).isZero();
    assertThat(edge.run(new CollectCommand())).isZero();

    assertThat(edge.out())
        .contains("yes, for 30 days", "3 (2.0 kB)", "api 2, hand 1", "1 about answers");
  }

  @Test
  void tellsHowToKeepSomething() {
    edge.says("/api/collect/summary", "{\"on\":false,\"texts\":0}");

    assertThat(edge.run(new CollectCommand())).isZero();

    assertThat(edge.out()).contains("broke.history.store-content = true").contains("none");
  }

  @Test
  void writesEveryPageToAFile() throws Exception {
    edge.says("/api/collect/summary", SUMMARY)
        .says("/api/collect?limit=50&rating=4", FIRST)
        .says("/api/collect?limit=50&before=7%3Ab&rating=4", LAST);
    var file = folder.resolve("data.jsonl");

    assertThat(edge.run(new CollectExportCommand(), file.toString(), "--rating", "4")).isZero();

    assertThat(Files.readString(file))
        .isEqualTo("{\"name\":\"a\"}\n{\"name\":\"b\"}\n{\"name\":\"c\"}\n");
    assertThat(edge.out())
        .contains("wrote 3 texts to")
        .contains("taken out: api-key 1, email 3; 1 were sealed with a key that is not here");
    assertThat(folder.toFile().list()).containsExactly("data.jsonl");
  }

  @Test
  void putsNothingButLinesOnStandardOutput() {
    edge.says("/api/collect/summary", SUMMARY).says("/api/collect?limit=50", LAST);

    assertThat(edge.run(new CollectExportCommand())).isZero();

    assertThat(edge.out().strip()).isEqualTo("{\"name\":\"c\"}");
    assertThat(edge.err()).contains("wrote 1 texts");
  }

  @Test
  void aDryRunOnlyCounts() throws Exception {
    edge.says("/api/collect/summary", SUMMARY).says("/api/collect?limit=50&count=true", LAST);

    assertThat(edge.run(new CollectExportCommand(), "--dry-run", "--json")).isZero();

    assertThat(Json.parse(edge.out()))
        .hasToString("{\"texts\":1,\"unreadable\":1,\"redactions\":{\"email\":1},\"dryRun\":true}");
  }

  @Test
  void anExportThatFailsLeavesTheOldFile() throws Exception {
    edge.says("/api/collect/summary", SUMMARY).says("/api/collect?limit=50", FIRST);
    var file = folder.resolve("data.jsonl");
    Files.writeString(file, "old");

    assertThat(edge.run(new CollectExportCommand(), file.toString())).isEqualTo(1);

    assertThat(Files.readString(file)).isEqualTo("old");
    assertThat(folder.toFile().list()).as("no half of it stays").containsExactly("data.jsonl");
  }

  @Test
  void whatItWritesIsForItsOwnerAlone() throws Exception {
    assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
    edge.says("/api/collect/summary", SUMMARY).says("/api/collect?limit=50", LAST);
    var file = folder.resolve("data.jsonl");

    assertThat(edge.run(new CollectExportCommand(), file.toString())).isZero();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void addsGoodProblemsAndNamesTheLinesOfBadOnes() throws Exception {
    edge.says("/api/collect", "{\"valid\":2,\"stored\":1,\"known\":1,\"refused\":[]}");
    var file = folder.resolve("mine.jsonl");
    Files.writeString(
        file,
        """
        {"name":"a","language":"py","prompt":"p"}

        {oops
        {"name":"b","language":"py"}
        {"name":"c","language":"py","prompt":"q"}
        """);

    assertThat(edge.run(new CollectImportCommand(), file.toString())).isEqualTo(1);

    assertThat(edge.err())
        .contains(file + ":3: is no JSON, at column")
        .contains(file + ":4: prompt is missing");
    assertThat(edge.out()).contains("added 1 problems, 1 were there already");
    assertThat(edge.asked)
        .containsExactly(
            "POST /api/collect {\"source\":\"hand\",\"problems\":["
                + "{\"name\":\"a\",\"language\":\"py\",\"prompt\":\"p\"},"
                + "{\"name\":\"c\",\"language\":\"py\",\"prompt\":\"q\"}]}");
  }

  @Test
  void readsPackedRunsAndChecksThemOnly() throws Exception {
    var file = folder.resolve("run.results.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(
          ("{\n\"name\":\"a\",\"language\":\"py\",\"prompt\":\"p\","
                  + "\"results\":[{\"status\":\"OK\"}]}")
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    assertThat(
            edge.run(new CollectImportCommand(), file.toString(), "--source", "bench", "--dry-run"))
        .isZero();

    assertThat(edge.out()).contains("would add 1 problems");
    assertThat(edge.asked).isEmpty();
  }

  @Test
  void aLineWithoutEndIsRefusedAndTheNextIsRead() throws Exception {
    var file = folder.resolve("mine.jsonl");
    Files.writeString(
        file,
        "x".repeat((8 << 20) + 1) + "\n{\"name\":\"a\",\"language\":\"py\",\"prompt\":\"p\"}");

    assertThat(edge.run(new CollectImportCommand(), file.toString(), "--dry-run")).isEqualTo(1);

    assertThat(edge.err()).contains(file + ":1: is longer than 8 MiB");
    assertThat(edge.out()).contains("would add 1 problems");
  }

  @Test
  void whatIsImportedIsByHandOrOfABenchmark() {
    assertThat(edge.run(new CollectImportCommand(), "x.jsonl", "--source", "page")).isEqualTo(2);
    assertThat(edge.run(new CollectImportCommand(), "/nowhere/x.jsonl")).isEqualTo(1);

    assertThat(edge.err())
        .contains("--source is hand or bench, not page")
        .contains("cannot read /nowhere/x.jsonl: no such file");
  }

  @Test
  void deletesOnlyWhatIsSaid() {
    edge.says("/api/collect?all=true", "{\"deleted\":3}")
        .says("/api/collect/r-1", "{\"deleted\":1}");

    assertThat(edge.run(new CollectDeleteCommand())).isEqualTo(2);
    assertThat(edge.run(new CollectDeleteCommand(), "--all", "r-1")).isEqualTo(2);
    assertThat(edge.run(new CollectDeleteCommand(), "--all")).isZero();
    assertThat(edge.run(new CollectDeleteCommand(), "r-1")).isZero();

    assertThat(edge.asked)
        .containsExactly("DELETE /api/collect?all=true", "DELETE /api/collect/r-1");
    assertThat(edge.out().lines()).containsExactly("deleted: 3", "deleted: 1");
  }
}
