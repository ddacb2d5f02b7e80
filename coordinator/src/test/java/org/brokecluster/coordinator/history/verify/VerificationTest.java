package org.brokecluster.coordinator.history.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.brokecluster.coordinator.history.SampleEvents;
import org.brokecluster.coordinator.history.event.RoutingEvent.StrategyChanged;
import org.brokecluster.coordinator.history.journal.EventBatchJson;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.brokecluster.coordinator.history.journal.TermLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {
  @Test
  void findsWhatWasWrittenIdentical() {
    var report = verify(term(1, 250));

    assertThat(report.verdict()).isEqualTo("identical");
    assertThat(report.events()).isEqualTo(250);
    assertThat(report.checkpoints()).isEqualTo(3);
  }

  @Test
  void findsAnEmptyHistoryIdentical() {
    assertThat(verify(List.of()).verdict()).isEqualTo("identical");
  }

  @Test
  void saysWhereAnAlteredEventMakesADifference() {
    var rows = term(1, 250);
    alter(rows, 4, "\"completion", "\"complexion");
    assertThat(verify(rows).verdict()).isEqualTo("differs at 100");

    rows = term(1, 250);
    alter(rows, 14, "\"at\":179", "\"at\":178");
    assertThat(verify(rows).verdict()).isEqualTo("differs at 200");
  }

  @Test
  void noticesAChangeOfWhatTheFoldDoesNotLookAt() {
    var rows = term(1, 250);
    alter(rows, 3, "finishes 2.1 s later", "finishes 9.1 s later");

    var report = verify(rows);

    assertThat(report.verdict()).isEqualTo("differs at 100");
    assertThat(report.message()).contains("events 1 to 100 are not what the router emitted");
  }

  @Test
  void noticesAnAlteredCheckpoint() {
    var rows = term(1, 250);
    int last = rows.size() - 1;
    var json = text(rows.get(last));
    int at = json.indexOf("\"sha256\":\"") + 10;
    var other = json.charAt(at) == 'a' ? "b" : "a";
    rows.set(last, with(rows.get(last), json.substring(0, at) + other + json.substring(at + 1)));

    var report = verify(rows);

    assertThat(report.verdict()).isEqualTo("differs at 250");
    assertThat(report.message()).contains("the fold of the same events gives another state");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 12})
  void noticesAMissingRow(int index) {
    var rows = term(1, 250);
    rows.remove(index);

    assertThat(verify(rows).verdict()).isEqualTo("differs at " + (index * 10 + 1));
  }

  @Test
  void noticesMissingRowsAtTheEndWhenItIsToldHowFarTheyReached() {
    var rows = term(1, 250);
    var last = rows.remove(rows.size() - 1);
    var verification = new Verification();
    rows.forEach(verification::row);
    verification.mustReach(last.id(), last.sequence());

    assertThat(verification.finish().verdict()).isEqualTo("differs at 251");
  }

  @Test
  void noticesADoubledRow() {
    var rows = term(1, 250);
    var doubled = new ArrayList<RawRow>();
    for (int i = 0; i < rows.size(); i++) {
      var row = rows.get(i <= 5 ? i : i - 1);
      doubled.add(new RawRow(row.id(), i + 1, row.manifest(), row.payload()));
    }

    assertThat(verify(doubled).verdict()).isEqualTo("differs at 61");
  }

  @Test
  void saysWhereARowCannotBeRead() {
    var rows = term(1, 250);
    rows.set(7, with(rows.get(7), "{\"first\":71,\"events\":[{\"type\":\"rece"));

    var report = verify(rows);

    assertThat(report.verdict()).isEqualTo("differs at 71");
    assertThat(report.message()).contains("row 8").contains("cannot be read");
  }

  @Test
  void saysThatARecordedGapCannotBeCompared() {
    var report = verify(withGap());

    assertThat(report.verdict()).isEqualTo("not comparable");
    assertThat(report.terms().get(0).missing()).isEqualTo(20);
    assertThat(report.terms().get(0).checkpoints()).isEqualTo(2);
    assertThat(report.message()).contains("events 51 to 70 were never stored");
  }

  @Test
  void stillNoticesADifferenceAfterAGap() {
    var rows = withGap();
    alter(rows, rows.size() - 2, "\"at\":179", "\"at\":178");

    assertThat(verify(rows).verdict()).startsWith("differs at ");
  }

  @Test
  void doesNotCompareWithAnotherVersionOfTheFold() {
    var rows = term(1, 250);
    alter(rows, rows.size() - 1, "\"fold\":4,\"sha256\":\"", "\"fold\":0,\"sha256\":\"0");

    assertThat(verify(rows).verdict()).isEqualTo("not comparable");
  }

  @Test
  void namesTheFirstTermThatDiffersAndKeepsTheOthers() {
    var rows = term(1, 120);
    var second = term(2, 120);
    alter(second, 3, "\"at\":179", "\"at\":178");
    rows.addAll(second);
    rows.addAll(term(3, 120));

    var report = verify(rows);

    assertThat(report.verdict()).isEqualTo("differs at 100");
    assertThat(report.terms()).extracting(TermReport::term).containsExactly(1L, 2L, 3L);
    assertThat(report.terms())
        .extracting(TermReport::result)
        .containsExactly(
            VerificationReport.Result.IDENTICAL,
            VerificationReport.Result.DIFFERS,
            VerificationReport.Result.IDENTICAL);
    assertThat(report.message()).startsWith("term 2 of studio-m2:");
  }

  @Test
  void startsAtTheStateOfALaterDayWhereEarlierDaysWereRemoved() {
    var events = new SampleEvents(1, SampleEvents.START).take(40);
    var log = log(1, 1000);
    log.add(1, SampleEvents.termStarted(1, SampleEvents.START));
    for (int i = 0; i < events.size(); i++) {
      log.add(i + 2, events.get(i));
    }
    log.add(42, new StrategyChanged(SampleEvents.START.plus(Duration.ofDays(1)), "x"));
    log.close();
    var rows = rows(log);
    assertThat(verify(rows).verdict()).isEqualTo("identical");

    rows.removeIf(row -> row.id().day().toString().equals("2026-11-21"));

    assertThat(verify(rows).verdict()).isEqualTo("identical");
    assertThat(verify(rows).checkpoints()).isEqualTo(1);
  }

  @Test
  void toldAsJsonItNamesEveryTerm() throws Exception {
    var rows = term(1, 250);
    alter(rows, 4, "\"at\":179", "\"at\":178");

    var json = new ObjectMapper().readTree(verify(rows).json(1.2345));

    assertThat(json.path("result").asText()).isEqualTo("differs at 100");
    assertThat(json.path("seconds").asDouble()).isEqualTo(1.235);
    assertThat(json.path("terms").path(0).path("differsAt").asLong()).isEqualTo(100);
    assertThat(json.path("terms").path(0).path("reason").asText()).isNotEmpty();
    assertThat(json.path("terms").path(0).path("coordinator").asText()).isEqualTo("studio-m2");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void agreesWithTheWriterHoweverRowsAreCutAndLost(long seed) {
    var random = new Random(seed);
    var events = new SampleEvents(seed, Instant.parse("2026-11-21T23:59:50Z"));
    var log = log(1, 60);
    var stored = new ArrayList<RawRow>();
    var sequences = new HashMap<HistoryId, Long>();
    log.add(1, SampleEvents.termStarted(1, Instant.parse("2026-11-21T23:59:50Z")));
    long number = 1;
    for (int step = 0; step < 1000; step++) {
      switch (random.nextInt(40)) {
        case 0 -> log.flush();
        case 1 -> log.checkpoint();
        case 2 -> log.checkpointSoon();
        case 3 -> number += random.nextInt(30) == 0 ? 3 : 0;
        case 4, 5, 6 -> store(log, stored, sequences, random.nextInt(5));
        default -> log.add(++number, events.next());
      }
    }
    log.close();
    while (!log.head(1).isEmpty()) {
      store(log, stored, sequences, 4);
    }

    var report = verify(stored);

    assertThat(report.result())
        .as(report.message())
        .isEqualTo(
            log.lost() == 0
                ? VerificationReport.Result.IDENTICAL
                : VerificationReport.Result.NOT_COMPARABLE);
    assertThat(report.events() + report.terms().get(0).missing()).isEqualTo(number);
    assertThat(report.terms().get(0).missing()).isEqualTo(log.lost());
    assertThat(report.checkpoints()).isPositive();
  }

  private static void store(
      TermLog log, List<RawRow> stored, Map<HistoryId, Long> sequences, int max) {
    var rows = log.head(max);
    for (var row : rows) {
      long sequence = sequences.merge(row.id(), 1L, Long::sum);
      stored.add(raw(row.id(), sequence, EventBatchJson.encode(row.batch())));
    }
    log.stored(rows.size());
  }

  /** Rows of a whole term: 10 events each, checkpoints every 100 events and at the end. */
  private static List<RawRow> term(long term, int events) {
    var log = log(term, 100_000);
    log.add(1, SampleEvents.termStarted(term, SampleEvents.START));
    var stream = new SampleEvents(term, SampleEvents.START);
    for (int i = 2; i <= events; i++) {
      log.add(i, stream.next());
    }
    log.close();
    return rows(log);
  }

  private static List<RawRow> withGap() {
    var log = log(1, 50);
    var stream = new SampleEvents(1, SampleEvents.START);
    var stored = new ArrayList<RawRow>();
    var sequences = new HashMap<HistoryId, Long>();
    log.add(1, SampleEvents.termStarted(1, SampleEvents.START));
    for (int i = 2; i <= 70; i++) {
      log.add(i, stream.next());
    }
    store(log, stored, sequences, 100);
    for (int i = 71; i <= 90; i++) {
      log.add(i, stream.next());
    }
    log.close();
    store(log, stored, sequences, 100);
    return stored;
  }

  private static TermLog log(long term, int backlog) {
    return new TermLog(SampleEvents.COORDINATOR, term, new TermLog.Limits(10, backlog, 100));
  }

  private static List<RawRow> rows(TermLog log) {
    var stored = new ArrayList<RawRow>();
    var sequences = new HashMap<HistoryId, Long>();
    while (!log.head(1).isEmpty()) {
      store(log, stored, sequences, 100);
    }
    return stored;
  }

  private static VerificationReport verify(List<RawRow> rows) {
    var verification = new Verification();
    rows.forEach(verification::row);
    return verification.finish();
  }

  private static void alter(List<RawRow> rows, int from, String found, String replacement) {
    for (int i = from; i < rows.size(); i++) {
      var text = text(rows.get(i));
      if (text.contains(found)) {
        int at = text.indexOf(found);
        rows.set(
            i,
            with(
                rows.get(i),
                text.substring(0, at) + replacement + text.substring(at + found.length())));
        return;
      }
    }
    throw new AssertionError("no row has " + found);
  }

  private static String text(RawRow row) {
    return new String(row.payload().bytes(), StandardCharsets.UTF_8);
  }

  private static RawRow with(RawRow row, String text) {
    return raw(row.id(), row.sequence(), text.getBytes(StandardCharsets.UTF_8));
  }

  private static RawRow raw(HistoryId id, long sequence, byte[] bytes) {
    return new RawRow(id, sequence, EventBatchJson.MANIFEST, new RawRow.Payload(bytes));
  }
}
