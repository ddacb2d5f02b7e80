package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.TermJournal;
import org.brokecluster.coordinator.history.store.SlickH2Database;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database is away, or nobody can have it: answers go on, and nothing is hidden. */
class HistoryOutageTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration MILLI = Duration.ofMillis(1);

  @TempDir Path dataDir;
  private final AtomicBoolean down = new AtomicBoolean();
  private HistoryKit kit;

  @AfterEach
  void close() {
    if (kit != null) {
      kit.close();
    }
  }

  @Test
  void keepsEventsWhileTheJournalIsDownAndCatchesUp() {
    kit = open(Map.of());
    var sink = kit.write(1, events(1, 500));
    await("ok", sink);
    down.set(true);
    events(2, 900).forEach(sink::emit);
    await("behind", sink);
    assertThat(sink.health().backlog()).isPositive();

    down.set(false);

    awaitTrue(() -> sink.health().equals(new EventSink.Health("ok", 0, 0)));
    var report = kit.verify();
    assertThat(report.path("result").asText()).as(report.toString()).isEqualTo("identical");
    assertThat(report.path("events").asLong()).isEqualTo(1401);
  }

  @Test
  void givesUpTheNewestBeyondItsBacklogAndRecordsTheGap() {
    kit = open(Map.of("broke.history.backlog", 1000));
    var sink = kit.write(1, events(1, 100));
    await("ok", sink);
    down.set(true);
    emitSlowly(sink, events(2, 3000));
    awaitTrue(() -> sink.health().lost() > 0);
    assertThat(sink.health().backlog()).isLessThanOrEqualTo(2000);

    down.set(false);

    await("gap", sink);
    events(3, 50).forEach(sink::emit);
    var report = kit.verify();
    assertThat(report.path("result").asText()).as(report.toString()).isEqualTo("not comparable");
    var term = report.path("terms").path(0);
    assertThat(term.path("missing").asLong()).isEqualTo(sink.health().lost());
    assertThat(term.path("events").asLong() + term.path("missing").asLong()).isEqualTo(3151);
    assertThat(term.path("checkpoints").asLong()).isPositive();
    assertThat(report.path("message").asText()).contains("never stored");
  }

  @Test
  void goesOnAfterTheDatabaseWasShutDownUnderIt() throws Exception {
    kit = HistoryKit.open(dataDir, Map.of());
    var sink = kit.write(1, events(1, 300));
    await("ok", sink);
    try (var connection = new SlickH2Database(kit.system(), file()).probe();
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN IMMEDIATELY");
    } catch (SQLException alreadyClosed) {
      assertThat(alreadyClosed.getMessage()).contains("closed");
    }

    events(2, 700).forEach(sink::emit);

    awaitTrue(() -> sink.health().equals(new EventSink.Health("ok", 0, 0)));
    var report = kit.verify();
    assertThat(report.path("result").asText()).as(report.toString()).isEqualTo("identical");
    assertThat(report.path("events").asLong()).isEqualTo(1001);
  }

  @Test
  void goesOnAfterItsFileCouldNotBeWrittenAndSaysWhyUntilThen() throws Exception {
    kit = HistoryKit.open(dataDir, Map.of());
    var sink = kit.write(1, events(1, 300));
    await("ok", sink);
    assertThat(sink.site().trouble()).isNull();
    breakTheFile();

    events(2, 700).forEach(sink::emit);

    awaitTrue(() -> sink.health().equals(new EventSink.Health("ok", 0, 0)));
    assertThat(sink.site().trouble()).isNull();
    var report = kit.verify();
    assertThat(report.path("result").asText()).as(report.toString()).isEqualTo("identical");
    assertThat(report.path("events").asLong()).isEqualTo(1001);
  }

  /** What H2 does when it cannot write: it gives its file up, and connections still seem valid. */
  private void breakTheFile() throws SQLException {
    try (var connection = new SlickH2Database(kit.system(), file()).probe()) {
      var session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
      session.getDatabase().getStore().getMvStore().closeImmediately();
    }
  }

  private static Behavior<TermJournal.Append> full(ActorContext<TermJournal.Append> context) {
    throw new IllegalStateException(new SQLException(new IOException("No space left on device")));
  }

  @Test
  void saysWhatIsInTheWayWhileTheJournalFails() {
    kit =
        open(
            Map.of(),
            (id, replyTo) ->
                Behaviors.supervise(Behaviors.<TermJournal.Append>setup(HistoryOutageTest::full))
                    .onFailure(
                        SupervisorStrategy.restartWithBackoff(MILLI, MILLI, 0)
                            .withMaxRestarts(0)
                            .withLoggingEnabled(false)));
    var sink = kit.write(1, events(1, 10));

    awaitTrue(() -> sink.site().trouble() != null);
    assertThat(sink.site().trouble()).contains(file().toString()).contains("no room");
    assertThat(kit.history().state().reason()).contains("no room");
    assertThat(sink.health().state()).isEqualTo("behind");
  }

  @Test
  @Timeout(60) // 20 000 events, of which none may wait
  void doesNotWaitForAJournalThatNeverAnswers() {
    kit =
        open(
            Map.of("broke.history.backlog", 1000, "broke.history.close-timeout", "500ms"),
            (id, replyTo) -> Behaviors.<TermJournal.Append>ignore());
    var sink = kit.history().sinkForTerm(SampleEvents.COORDINATOR, 1);
    var events = events(1, 20_000);

    events.forEach(sink::emit);

    awaitTrue(() -> sink.health().lost() + sink.health().backlog() == 20_000);
    assertThat(sink.health().backlog()).isLessThanOrEqualTo(2000);
    assertThat(sink.health().state()).isEqualTo("behind");
  }

  @Test
  void isOffWithAReasonWhileAnotherProcessHasTheFileAndOpensItLater() throws Exception {
    var file = Path.of(HistorySettings.file(dataDir) + ".mv.db");
    try (var first = HistoryKit.open(dataDir, Map.of())) {
      first.write(1, events(1, 10));
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      var lock = channel.lock();
      kit = HistoryKit.open(dataDir, Map.of());
      var sink = kit.write(2, events(2, 20));
      await("off", sink);
      assertThat(kit.history().state().reason())
          .contains("in use by another process")
          .contains("--data-dir")
          .contains(file.toString());
      lock.release();

      await("ok", sink);
    }
    var report = kit.verify();
    assertThat(report.path("result").asText()).isEqualTo("identical");
    assertThat(report.path("terms")).hasSize(2);
  }

  @Test
  void isOffWithAReasonWhenItsFolderCannotBeMade() throws Exception {
    Files.writeString(dataDir.resolve("history"), "a file, not a folder");

    kit = HistoryKit.open(dataDir, Map.of());
    var sink = kit.write(1, events(1, 10));

    await("off", sink);
    assertThat(kit.history().state().reason()).contains("cannot be used");
    assertThat(sink.health().backlog()).isEqualTo(11);
  }

  private HistoryKit open(Map<String, Object> overrides) {
    return open(
        overrides, (id, replyTo) -> Behaviors.setup(context -> breaking(context, id, replyTo)));
  }

  /** The real journal behind one that stops, as a failing one does, while {@link #down}. */
  private Behavior<TermJournal.Append> breaking(
      ActorContext<TermJournal.Append> context, HistoryId id, ActorRef<TermJournal.Reply> replyTo) {
    var self = context.getSelf();
    var replies =
        context.spawn(
            Behaviors.<TermJournal.Reply>receiveMessage(
                reply -> {
                  replyTo.tell(
                      reply instanceof TermJournal.Ready ready
                          ? new TermJournal.Ready(self, ready.lastSequence())
                          : reply);
                  return Behaviors.same();
                }),
            "replies");
    var journal = context.spawn(TermJournal.create(id, replies), "real");
    return Behaviors.receiveMessage(
        rows -> {
          if (down.get()) {
            return Behaviors.stopped();
          }
          journal.tell(rows);
          return Behaviors.same();
        });
  }

  private HistoryKit open(Map<String, Object> overrides, WriterActor.JournalFactory journals) {
    var settings = HistoryKit.settings(overrides);
    var system = HistoryKit.system(dataDir, settings);
    var database = new SlickH2Database(system, file());
    return HistoryKit.of(
        system, RoutingHistory.open(system, settings, database, journals, new NoSupposition()));
  }

  private void emitSlowly(EventSink sink, List<RoutingEvent> events) {
    for (int i = 0; i < events.size(); i++) {
      sink.emit(events.get(i));
      if (i % 500 == 499) {
        int seen = i;
        awaitTrue(() -> sink.health().backlog() + sink.health().lost() > Math.min(seen, 900));
      }
    }
  }

  private void await(String state, EventSink sink) {
    awaitTrue(() -> sink.health().state().equals(state));
  }

  private void awaitTrue(BooleanSupplier condition) {
    TestProbe.<String>create(kit.system())
        .awaitAssert(LONG, () -> assertThat(condition.getAsBoolean()).isTrue());
  }

  private static List<RoutingEvent> events(long seed, int count) {
    return new SampleEvents(seed, SampleEvents.START).take(count);
  }

  private Path file() {
    return Path.of(HistorySettings.file(dataDir) + ".mv.db");
  }
}
