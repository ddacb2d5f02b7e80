package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.brokecluster.coordinator.history.ContentSamples.MARKER;
import static org.brokecluster.coordinator.history.ContentSamples.NOW;
import static org.brokecluster.coordinator.history.ContentSamples.large;
import static org.brokecluster.coordinator.history.ContentSamples.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.brokecluster.coordinator.history.backup.BackupFile;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.store.Restoring;
import org.brokecluster.coordinator.history.verify.VerificationReport;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.history.HistoryProtocol.GetBackup;
import org.brokecluster.protocol.history.HistoryProtocol.GetRequests;
import org.brokecluster.protocol.history.HistoryProtocol.Page;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A history goes from a database of one kind into a file, and from there into the other kind. */
abstract class BackupContract extends HistoryAsking {
  @TempDir Path targetDir;

  /** A database of the other kind. */
  abstract HistoryPlace target(Path folder);

  @Test
  void comesBackAsItWas() throws Exception {
    writeHistory();
    var before = kit.verify();
    var requests = requests();
    assertThat(before.path("result").asText()).isEqualTo("not comparable");
    var file = backup();
    kit.close();
    var target = target(targetDir);

    var restored = restore(file, target);

    assertThat(restored.report().result()).isEqualTo(VerificationReport.Result.NOT_COMPARABLE);
    assertThat(restored.highestTerm()).isEqualTo(3);
    assertThat(restored.people()).as("seven of the samples, ada and bob").isEqualTo(9);
    place = target;
    open(Map.of());
    assertThat(without(kit.verify(), "seconds")).isEqualTo(without(before, "seconds"));
    assertThat(requests()).isEqualTo(requests);
    assertThat(requests.stream().map(each -> each.path("user").asText())).contains("ada", "bob");
    assertThat(requests.stream().filter(each -> each.path("rating").isInt())).isNotEmpty();
  }

  @Test
  void isWrittenOnAsIfNothingHadHappened() throws Exception {
    writeHistory();
    var file = backup();
    kit.close();
    place = target(targetDir);
    restore(file, place);
    open(Map.of());
    kit.write(4, new SampleEvents(9, SampleEvents.START.plus(Duration.ofDays(3))).take(300));

    var report = kit.verify();

    assertThat(report.path("terms").path(3).path("result").asText()).isEqualTo("identical");
    assertThat(report.path("terms").path(0).path("result").asText()).isEqualTo("identical");
  }

  @Test
  void holdsOneStateAlthoughEventsComeInMeanwhile() throws Exception {
    open(Map.of("broke.history.row-events", 10));
    var events = new SampleEvents(1, SampleEvents.START);
    var sink = kit.write(1, events.take(3000));
    var text = new StringBuilder();
    var cursor = piece(null, text);
    int pieces = 1;
    while (cursor != null) {
      events.take(20).forEach(sink::emit);
      HistoryKit.get(kit.history().flush(Duration.ofSeconds(60)));
      cursor = piece(cursor, text);
      pieces++;
    }
    assertThat(pieces).isGreaterThan(10);
    var file = targetDir.resolve("meanwhile.gz");
    new BackupFile(file).write(new StringReader(text.toString()), (line, check) -> {});
    kit.close();
    place = target(targetDir);

    var report = restore(file, place).report();

    assertThat(report.result()).isEqualTo(VerificationReport.Result.IDENTICAL);
    assertThat(report.events()).isBetween(3001L, 3020L);
    open(Map.of());
  }

  @Test
  void takesKeptTextsAlongOnlyIfAskedAndSealed() throws Exception {
    open(Map.of());
    kit.write(1, new SampleEvents(1, SampleEvents.START).take(50));
    var content = new ContentAsking(kit, place);
    content.keep(text("r-1", NOW - 2, "api", "ada"), large("r-2", NOW - 1));
    for (int i = 0; i < 40; i++) {
      content.keep(text("r-many-" + i, NOW - 10 - i, "agent", null));
    }
    content.note("r-1", "too \u00e9l\u00e9gant");
    var before = content.problems();
    var without = new BackupFile(backup(false)).read((line, check) -> {});
    var file = backup(true);
    kit.close();
    place = target(targetDir);

    var restored = restore(file, place);

    assertThat(without.texts()).isZero();
    assertThat(without.textsLeftOut()).isEqualTo(42);
    assertThat(restored.texts()).isEqualTo(43);
    assertThat(restored.leftOut()).isZero();
    assertThat(unpacked(file)).contains("\"kind\":\"text\"").doesNotContain(MARKER);
    open(Map.of());
    var sealed = new ContentAsking(kit, place);
    assertThat(sealed.problems()).as("without the key").isEmpty();
    assertThat(sealed.unreadable()).isEqualTo(42);
    Files.createDirectories(targetDir.resolve("history"));
    Files.copy(dataDir.resolve("history/content.key"), targetDir.resolve("history/content.key"));
    assertThat(sealed.problems()).isEqualTo(before).hasSize(42);
  }

  @Test
  void restoresNothingFromAFileThatIsCutOffOrAltered() throws Exception {
    writeHistory();
    var whole = Files.readAllBytes(backup());
    kit.close();
    place = target(targetDir);
    var broken = targetDir.resolve("broken.gz");

    Files.write(broken, Arrays.copyOf(whole, whole.length / 2));
    assertThatIOException().isThrownBy(() -> restore(broken, place));
    whole[whole.length / 2] ^= 4;
    Files.write(broken, whole);
    assertThatIOException().isThrownBy(() -> restore(broken, place));

    open(Map.of());
    assertThat(kit.verify().path("events").asLong()).isZero();
  }

  @Test
  void restoresNothingWhereThereIsAHistory() throws Exception {
    writeHistory();
    var file = backup();
    kit.close();
    place = target(targetDir);
    open(Map.of());
    kit.write(1, new SampleEvents(2, SampleEvents.START).take(5));
    kit.close();

    assertThatExceptionOfType(Restoring.NotEmpty.class)
        .isThrownBy(() -> restore(file, place))
        .withMessageMatching("has a history of [1-9] rows and [0-9]+ people already");

    open(Map.of());
    assertThat(kit.verify().path("events").asLong()).isEqualTo(6);
  }

  /** Three terms: one over two days, one with a gap, one with people, ratings and long events. */
  private void writeHistory() {
    open(Map.of("broke.history.checkpoint-events", 100));
    var first = new ArrayList<>(new SampleEvents(1, SampleEvents.START).take(300));
    var nextDay = SampleEvents.START.plus(Duration.ofDays(1));
    first.addAll(new SampleEvents(2, nextDay).take(200));
    kit.write(1, first);
    var tooLong = "x".repeat(300 * 1024);
    var second = kit.write(2, new SampleEvents(3, nextDay).take(40));
    second.emit(refused("req-lost", tooLong));
    new SampleEvents(4, nextDay).take(40).forEach(second::emit);
    var third = new ArrayList<>(new SampleEvents(5, nextDay).take(900));
    third.add(by("req-ada", "ada"));
    third.add(by("req-bob", "bob"));
    third.add(new RoutingEvent.Rated(nextDay, new RequestId("req-ada"), 5, null, null));
    third.add(refused("req-long", "\uD83D\uDE00".repeat(50_000)));
    kit.write(3, third);
    HistoryKit.get(kit.history().flush(Duration.ofSeconds(60)));
  }

  private static RoutingEvent refused(String request, String message) {
    return new RoutingEvent.Refused(
        SampleEvents.START.plus(Duration.ofDays(1)),
        new AttemptId(new RequestId(request), 1),
        Refusal.NO_NODE,
        message,
        null);
  }

  private static RoutingEvent by(String request, String user) {
    var wishes =
        new Wishes(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            user,
            TrafficClass.AGENT,
            List.of());
    return new RoutingEvent.Received(
        SampleEvents.START.plus(Duration.ofDays(1)),
        new RequestId(request),
        SampleEvents.facts(10).with(wishes));
  }

  private Path backup() throws IOException {
    return backup(false);
  }

  private Path backup(boolean texts) throws IOException {
    var text = new StringBuilder();
    var cursor = piece(null, text, texts);
    while (cursor != null) {
      cursor = piece(cursor, text);
    }
    var file = targetDir.resolve("history.jsonl.gz");
    new BackupFile(file).write(new StringReader(text.toString()), (line, check) -> {});
    return file;
  }

  private @Nullable String piece(@Nullable String cursor, StringBuilder text) {
    return piece(cursor, text, false);
  }

  private @Nullable String piece(@Nullable String cursor, StringBuilder text, boolean texts) {
    var page = ask(Page.class, replyTo -> new GetBackup(cursor, texts, replyTo));
    assertThat(page.error()).isNull();
    assertThat(page.items()).hasSize(1);
    assertThat(page.items().get(0).getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(200 * 1024);
    text.append(page.items().get(0));
    return page.next();
  }

  private static HistoryRestore.Restored restore(Path file, HistoryPlace target)
      throws IOException, SQLException {
    var database = HistoryKit.settings(target.settings()).plainDatabase(target.dataDir());
    return new HistoryRestore(file, database, (what, done, all) -> {}).run();
  }

  private List<JsonNode> requests() {
    var found = new ArrayList<JsonNode>();
    String cursor = null;
    do {
      var before = cursor;
      var page =
          ask(Page.class, replyTo -> new GetRequests(500, before, HistoryFilter.ALL, replyTo));
      assertThat(page.error()).isNull();
      page.items().forEach(item -> found.add(HistoryKit.json(item)));
      cursor = page.next();
    } while (cursor != null);
    return found;
  }

  private static String unpacked(Path file) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonNode without(JsonNode json, String field) {
    ((ObjectNode) json).remove(field);
    return json;
  }
}
