package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Learned;
import org.brokecluster.coordinator.history.event.RoutingEvent.StrategyChanged;
import org.brokecluster.coordinator.history.store.Retention;
import org.brokecluster.coordinator.history.store.Schema;
import org.brokecluster.protocol.id.ModelId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writing, closing, opening again and verifying, on a real database of either kind. */
abstract class RoutingHistoryContract {
  private static final Instant MORNING = Instant.parse("2026-11-21T08:00:00Z");

  @TempDir Path dataDir;
  private HistoryPlace place;

  abstract HistoryPlace place(Path folder);

  @BeforeEach
  void choose() {
    place = place(dataDir);
  }

  @Test
  void verifiesAsIdenticalWhileItRuns() {
    try (var kit = place.open(Map.of())) {
      kit.write(1, events(1, 2500));

      var report = kit.verify();

      assertThat(report.path("result").asText()).isEqualTo("identical");
      assertThat(report.path("events").asLong()).isEqualTo(2501);
      assertThat(report.path("checkpoints").asLong()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void verifiesAsIdenticalAfterARestart() {
    try (var kit = place.open(Map.of())) {
      kit.write(9, events(1, 700));
      kit.write(10, events(2, 1200));
    }

    try (var kit = place.open(Map.of())) {
      kit.write(11, events(3, 10));
      var report = kit.verify();

      assertThat(report.path("result").asText()).as(report.toString()).isEqualTo("identical");
      assertThat(report.path("events").asLong()).isEqualTo(701 + 1201 + 11);
      assertThat(report.path("terms").findValuesAsText("term")).containsExactly("9", "10", "11");
      assertThat(report.path("checkpoints").asLong()).isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void goesOnUnderANewIdWhenTheDayEnds() throws Exception {
    var events = new ArrayList<>(events(1, 30));
    events.add(new StrategyChanged(MORNING.plus(Duration.ofDays(1)), "a"));
    events.add(new StrategyChanged(MORNING.plus(Duration.ofDays(2)), "b"));
    try (var kit = place.open(Map.of())) {
      kit.write(1, events);
      assertThat(kit.verify().path("result").asText()).isEqualTo("identical");
    }

    assertThat(texts("SELECT DISTINCT \"persistence_id\" FROM \"event_journal\" ORDER BY 1"))
        .containsExactly(
            "routing-studio-m2-1-2026-11-21",
            "routing-studio-m2-1-2026-11-22",
            "routing-studio-m2-1-2026-11-23");
    try (var kit = place.open(Map.of())) {
      assertThat(kit.verify().path("events").asLong()).isEqualTo(33);
    }
  }

  @Test
  void saysWhereAStoredEventWasAltered() throws Exception {
    try (var kit = place.open(Map.of("broke.history.checkpoint-events", 100))) {
      kit.write(1, events(1, 400));
    }
    int altered = alter("finishes 2.1 s later", "x");
    assertThat(altered).isEqualTo(1);

    try (var kit = place.open(Map.of())) {
      var report = kit.verify();

      assertThat(report.path("result").asText()).matches("differs at [1-4]00");
      assertThat(report.path("message").asText()).contains("not what the router emitted");
    }
  }

  @Test
  void noticesARowThatWasDeleted() throws Exception {
    try (var kit = place.open(Map.of("broke.history.row-events", 10))) {
      kit.write(1, events(1, 95));
    }
    int deleted = place.sql("DELETE FROM \"event_journal\" WHERE \"sequence_number\" = 4");
    assertThat(deleted).isEqualTo(1);

    try (var kit = place.open(Map.of())) {
      assertThat(kit.verify().path("result").asText()).isEqualTo("differs at 31");
    }
  }

  @Test
  void noticesThatTheLastRowsWereDeleted() throws Exception {
    try (var kit = place.open(Map.of("broke.history.row-events", 10))) {
      kit.write(1, events(1, 95));
    }
    place.sql("DELETE FROM \"event_journal\" WHERE \"sequence_number\" > 4");

    try (var kit = place.open(Map.of())) {
      assertThat(kit.verify().path("result").asText()).isEqualTo("differs at 41");
    }
  }

  @Test
  void appliesItsSchemaTwiceWithoutHarm() throws Exception {
    try (var connection = place.connect()) {
      Schema.upgrade(connection);
      connection.createStatement().execute("DELETE FROM \"history_schema\"");
      Schema.upgrade(connection);
      Schema.upgrade(connection);
    }

    assertThat(texts("SELECT MAX(\"version\") FROM \"history_schema\"")).containsExactly("5");
  }

  @Test
  void removesOldDaysAndVerifiesWhatIsLeft() throws Exception {
    var events = new ArrayList<>(events(1, 300));
    var later = new SampleEvents(2, MORNING.plus(Duration.ofDays(3))).take(200);
    events.addAll(later);
    try (var kit = place.open(Map.of())) {
      kit.write(1, events);
      kit.write(2, new SampleEvents(3, MORNING.plus(Duration.ofDays(4))).take(50));
      kit.verify();
    }

    try (var kit = place.open(Map.of())) {
      kit.verify();
      var today = LocalDate.of(2026, 11, 25);
      var kept = Retention.run(kit.database(place), today, 30, 1L << 40);
      assertThat(kept.days()).isZero();

      var removed = Retention.run(kit.database(place), today, 2, 1L << 40);

      assertThat(removed.days()).isEqualTo(1);
      assertThat(removed.bytes()).isPositive();
      var report = kit.verify();
      assertThat(report.path("result").asText()).as(report.toString()).isEqualTo("identical");
      assertThat(report.path("events").asLong()).isEqualTo(200 + 51);
      assertThat(
              texts("SELECT \"request_id\" FROM \"request\" WHERE \"received_at\" < 1795330000000"))
          .isEmpty();
      assertThat(Retention.run(kit.database(place), today, 30, 1).days()).isEqualTo(1);
    }
  }

  @Test
  void givesTheSameSinkForTheSameTerm() {
    try (var kit = place.open(Map.of())) {
      var sink = kit.history().sinkForTerm(SampleEvents.COORDINATOR, 4);

      assertThat(kit.history().sinkForTerm(SampleEvents.COORDINATOR, 4)).isSameAs(sink);
      assertThat(kit.history().sinkForTerm(SampleEvents.COORDINATOR, 5)).isNotSameAs(sink);
    }
  }

  @Test
  void keepsTwoReignsOfOneTermApart() {
    try (var kit = place.open(Map.of())) {
      kit.write(1, events(1, 50));
    }
    try (var kit = place.open(Map.of())) {
      kit.write(1, events(2, 70));

      var report = kit.verify();

      assertThat(report.path("result").asText()).as(report.toString()).isEqualTo("identical");
      assertThat(report.path("events").asLong()).isEqualTo(51 + 71);
    }
  }

  @Test
  void storesNothingWhenItIsSwitchedOff() {
    try (var kit = place.open(Map.of("broke.history.enabled", false))) {
      var sink = kit.write(1, events(1, 5));

      assertThat(sink.health()).isEqualTo(new EventSink.Health("off", 0, 6));
      assertThat(kit.history().state().reason()).contains("broke.history.enabled");
      assertThat(kit.history().learnedBefore(1, Duration.ofMinutes(1)))
          .failsWithin(Duration.ofMinutes(1));
    }
  }

  @Test
  void tellsANewRouterWhatWasLearnedBefore() {
    var row =
        new LearnedFigures.Row(
            ModelId.of("some-14b"), "code", null, "alice", 3, 2.5, -0.75, 0, 0, 0);
    var early = new Learned(MORNING, new LearnedFigures(List.of(row.of(null))), true);
    var late = new Learned(MORNING, new LearnedFigures(List.of(row)), false);
    try (var kit = place.open(Map.of("broke.history.row-events", 10))) {
      kit.write(1, List.of(early));
      var events = new ArrayList<>(events(2, 300));
      events.add(late);
      events.addAll(events(3, 40));
      kit.write(2, events);
      kit.write(3, events(4, 20)); // a term that recorded nothing
    }

    try (var kit = place.open(Map.of())) {
      var found = HistoryKit.get(kit.history().learnedBefore(4, Duration.ofSeconds(60)));
      var before = HistoryKit.get(kit.history().learnedBefore(2, Duration.ofSeconds(60)));

      assertThat(found.events()).hasSize(41);
      var learned = ((Learned) found.events().get(0)).figures();
      assertThat(learned.toString()).doesNotContain("alice");
      assertThat(learned.renamed(found.names()::get).rows()).containsExactly(row);
      assertThat(before.events()).containsExactly(early);
      assertThat(HistoryKit.get(kit.history().learnedBefore(1, Duration.ofSeconds(60))).events())
          .isEmpty();
    }
  }

  private static List<RoutingEvent> events(long seed, int count) {
    return new SampleEvents(seed, MORNING).take(count);
  }

  /** Puts one text in the place of another in the third row. */
  private int alter(String text, String other) throws Exception {
    try (var connection = place.connect();
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT \"event_payload\" FROM \"event_journal\" WHERE \"sequence_number\" = 3");
        var update =
            connection.prepareStatement(
                "UPDATE \"event_journal\" SET \"event_payload\" = ? WHERE \"sequence_number\" = 3")) {
      assertThat(rows.next()).isTrue();
      var payload = new String(rows.getBytes(1), StandardCharsets.UTF_8);
      assertThat(payload).contains(text);
      update.setBytes(1, payload.replace(text, other).getBytes(StandardCharsets.UTF_8));
      return update.executeUpdate();
    }
  }

  private List<String> texts(String sql) throws Exception {
    var found = new ArrayList<String>();
    try (var connection = place.connect();
        var rows = connection.createStatement().executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }
}
