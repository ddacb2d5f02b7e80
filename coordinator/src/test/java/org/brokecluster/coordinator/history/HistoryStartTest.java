package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.journal.TermJournal;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.HistoryReader;
import org.brokecluster.coordinator.history.store.SlickH2Database;
import org.brokecluster.protocol.history.HistoryFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host whose table of requests is far behind its journal starts as any other. */
class HistoryStartTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path dataDir;

  @Test
  void storesNewEventsWhileTheTableOfRequestsIsStillBeingMade() throws Exception {
    var place = HistoryPlace.file(dataDir);
    try (var kit = place.open(Map.of())) {
      kit.write(1, events(SampleEvents.START, 8_000));
      HistoryKit.get(kit.history().flush(LONG));
    }
    place.sql("DELETE FROM \"request\"");
    place.sql("DELETE FROM \"projection\"");
    var settings = HistoryKit.settings(Map.of());
    var system = HistoryKit.system(dataDir, settings);
    var file = Path.of(HistorySettings.file(dataDir) + ".mv.db");
    var gate = new GatedDatabase(new SlickH2Database(system, file));
    var history =
        RoutingHistory.open(system, settings, gate, TermJournal::create, new NoSupposition());

    try (var kit = HistoryKit.of(system, history)) {
      var sink = kit.write(2, events(SampleEvents.START.plus(Duration.ofDays(1)), 300));

      var probe = TestProbe.create(system);
      probe.awaitAssert(
          LONG,
          () -> {
            assertThat(sink.health()).isEqualTo(new EventSink.Health("ok", 0, 0));
            assertThat(history.state().state()).isEqualTo("ok");
            assertThat(gate.waiting.get()).as("what makes the table").isPositive();
            return null;
          });

      gate.open.countDown();
      var reader = new HistoryReader(gate);
      probe.awaitAssert(
          LONG,
          () -> {
            var newest = reader.requests(500, null, HistoryFilter.ALL).items();
            assertThat(newest.stream().map(item -> HistoryKit.json(item).path("term").asLong()))
                .contains(1L, 2L);
            return null;
          });
      assertThat(kit.verify().path("result").asText()).isEqualTo("identical");
    }
  }

  @Test
  void readsWhatWasLearnedOnceTheDatabaseIsThere() {
    var settings = HistoryKit.settings(Map.of());
    var system = HistoryKit.system(dataDir, settings);
    var file = Path.of(HistorySettings.file(dataDir) + ".mv.db");
    var gate = new GatedDatabase(new SlickH2Database(system, file));
    gate.away.set(true);
    gate.open.countDown();
    var history =
        RoutingHistory.open(system, settings, gate, TermJournal::create, new NoSupposition());

    try (var kit = HistoryKit.of(system, history)) {
      var learned = history.learnedBefore(2, LONG);
      TestProbe.create(system)
          .awaitAssert(
              LONG,
              () -> {
                assertThat(history.state().state()).isEqualTo("off");
                return null;
              });
      gate.away.set(false);

      assertThat(HistoryKit.get(learned).events()).isEmpty();
      assertThat(kit.verify()).isNotNull();
    }
  }

  private static List<RoutingEvent> events(Instant from, int count) {
    return new SampleEvents(from.getEpochSecond(), from).take(count);
  }

  /** Lets nobody but the journal in until it is opened, and nobody at all while it is away. */
  private static final class GatedDatabase implements Database {
    final CountDownLatch open = new CountDownLatch(1);
    final AtomicInteger waiting = new AtomicInteger();
    final AtomicBoolean away = new AtomicBoolean();
    private final Database behind;

    GatedDatabase(Database behind) {
      this.behind = behind;
    }

    @Override
    public Connection probe() throws SQLException {
      present();
      return behind.probe();
    }

    @Override
    public Connection connect() throws SQLException {
      present();
      waiting.incrementAndGet();
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new SQLException(e);
      }
      return behind.connect();
    }

    private void present() throws SQLException {
      if (away.get()) {
        throw new SQLException("nobody listens there");
      }
    }

    @Override
    public void shutDown() throws SQLException {
      behind.shutDown();
    }

    @Override
    public String place() {
      return behind.place();
    }

    @Override
    public long bytes() throws SQLException {
      return behind.bytes();
    }

    @Override
    public String advice(SQLException failure) {
      return behind.advice(failure);
    }
  }
}
