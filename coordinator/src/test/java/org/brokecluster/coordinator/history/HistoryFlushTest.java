package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.TermJournal;
import org.brokecluster.coordinator.history.store.SlickH2Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever asks the history a question waits for no writer that has nothing left to say. */
class HistoryFlushTest {
  /** Longer than {@link HistoryKit#get} waits. */
  private static final Duration LONG = Duration.ofHours(1);

  private static final TermJournal.Append OPEN = new TermJournal.Append(List.of());

  @TempDir Path dataDir;
  private final CompletableFuture<ActorRef<TermJournal.Append>> firstTerm =
      new CompletableFuture<>();
  private HistoryKit kit;

  @BeforeEach
  void open() {
    var settings = HistoryKit.settings(Map.of());
    var system = HistoryKit.system(dataDir, settings);
    var file = Path.of(HistorySettings.file(dataDir) + ".mv.db");
    var database = new SlickH2Database(system, file);
    WriterActor.JournalFactory journals =
        (id, replyTo) ->
            id.term() == 1
                ? Behaviors.setup(
                    context -> Behaviors.withStash(100, held -> shut(context, held, id, replyTo)))
                : TermJournal.create(id, replyTo);
    var history = RoutingHistory.open(system, settings, database, journals, new NoSupposition());
    kit = HistoryKit.of(system, history);
  }

  @AfterEach
  void close() {
    kit.close();
  }

  @Test
  void noAnswerComesForWhatARouterSaidAfterItsTermAndNobodyWaitsForIt() {
    var early = kit.write(1, events(1, 20));
    var journal = HistoryKit.get(firstTerm);
    kit.write(2, events(2, 20));
    events(3, 5).forEach(early::emit);
    var flushed = kit.history().flush(LONG);

    journal.tell(OPEN);

    HistoryKit.get(flushed);
    var report = kit.verify();
    assertThat(report.path("events").asLong()).as(report.toString()).isEqualTo(21 + 21);
  }

  /** The real journal, which is given nothing until {@link #OPEN}. */
  private Behavior<TermJournal.Append> shut(
      ActorContext<TermJournal.Append> context,
      StashBuffer<TermJournal.Append> held,
      HistoryId id,
      ActorRef<TermJournal.Reply> replyTo) {
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
    firstTerm.complete(self);
    return Behaviors.receiveMessage(
        rows -> {
          if (!rows.rows().isEmpty()) {
            held.stash(rows);
            return Behaviors.same();
          }
          return held.unstashAll(
              Behaviors.receiveMessage(
                  more -> {
                    journal.tell(more);
                    return Behaviors.same();
                  }));
        });
  }

  private static List<RoutingEvent> events(long seed, int count) {
    return new SampleEvents(seed, SampleEvents.START).take(count);
  }
}
