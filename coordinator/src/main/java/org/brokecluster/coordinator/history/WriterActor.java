package org.brokecluster.coordinator.history;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.PostStop;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.pattern.CircuitBreakerOpenException;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.JournalRow;
import org.brokecluster.coordinator.history.journal.StoredRow;
import org.brokecluster.coordinator.history.journal.TermJournal;
import org.brokecluster.coordinator.history.journal.TermLog;
import org.brokecluster.coordinator.history.store.Database;
import org.jspecify.annotations.Nullable;

/**
 * Empties a term's inbox, folds and gathers the events in a {@link TermLog}, and has the finished
 * rows stored by one {@link TermJournal} at a time, in order, one write in flight. When the journal
 * fails it starts another after a growing wait; what had been stored after all is found out from
 * the sequence number.
 */
final class WriterActor extends AbstractBehavior<WriterActor.Command> {
  private static final int EVENTS_AT_ONCE = 2000;
  private static final int ROWS_AT_ONCE = 8;
  private static final int WAITERS_MAX = 100;

  /** Anything this actor accepts. */
  sealed interface Command permits Signal, Flush, Close, Journal {}

  /** Commands without data. */
  enum Signal implements Command {
    /** There is something in the inbox: look into it after the flush interval. */
    WAKE,
    /** There is a row's worth in the inbox. */
    DRAIN,
    /** The database is open. */
    OPENED,
    /** Nobody waits any longer for what could not be stored. */
    GIVE_UP,
    /** Timers. */
    FLUSH_TICK,
    IDLE_TICK,
    INTERVAL_TICK,
    RETRY_TICK
  }

  /** Answers when everything emitted so far is stored; never if the database stays away. */
  record Flush(ActorRef<Done> replyTo) implements Command {}

  /** Stores what is left with a last checkpoint, answers, and stops. */
  record Close(ActorRef<Done> replyTo) implements Command {}

  private record Journal(TermJournal.Reply reply) implements Command {}

  private record Waiter(long number, ActorRef<Done> replyTo) {}

  /** What a writer works with. */
  record Parts(
      HistoryWriter inbox,
      HistorySettings settings,
      JournalFactory journals,
      Database database,
      ActorRef<ProjectionActor.Command> projection) {}

  /** Makes the entity of a persistence id; tests make one that fails. */
  interface JournalFactory {
    Behavior<TermJournal.Append> create(HistoryId id, ActorRef<TermJournal.Reply> replyTo);
  }

  private final Parts parts;
  private final TimerScheduler<Command> timers;
  private final HistoryWriter inbox;
  private final HistorySettings settings;
  private final TermLog log;
  private final Backoff backoff;
  private final List<Waiter> waiters = new ArrayList<>();
  private final List<ActorRef<Done>> closers = new ArrayList<>();
  private boolean opened;
  private boolean flushDue;

  private @Nullable ActorRef<TermJournal.Append> journal;
  private @Nullable HistoryId journalId;
  private boolean ready;
  private boolean sequenceKnown;
  private long sequence;
  private int inFlight;
  private boolean sending;
  private boolean failing;
  private String trouble = "";
  private long stored;

  private WriterActor(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
    super(context);
    context.setLoggerName(WriterActor.class);
    this.parts = parts;
    this.timers = timers;
    this.inbox = parts.inbox();
    this.settings = parts.settings();
    this.log = new TermLog(inbox.coordinator(), inbox.term(), settings.limits());
    this.backoff = new Backoff(settings.retryMin(), settings.retryMax());
    timers.startTimerWithFixedDelay(Signal.INTERVAL_TICK, settings.checkpointInterval());
  }

  static Behavior<Command> create(Parts parts) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new WriterActor(context, timers, parts)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Signal.class, this::onSignal)
        .onMessage(Journal.class, this::onJournal)
        .onMessage(Flush.class, this::onFlush)
        .onMessage(Close.class, this::onClose)
        .onSignal(ChildFailed.class, this::onJournalFailed)
        .onSignal(Terminated.class, signal -> onJournalStopped(signal.getRef()))
        .onSignal(PostStop.class, this::onPostStop)
        .build();
  }

  private Behavior<Command> onSignal(Signal signal) {
    return switch (signal) {
      case WAKE -> onWake();
      case DRAIN -> onDrain();
      case OPENED -> onOpened();
      case GIVE_UP -> Behaviors.stopped();
      case FLUSH_TICK -> onFlushTick();
      case IDLE_TICK -> onIdleTick();
      case INTERVAL_TICK -> onIntervalTick();
      case RETRY_TICK -> send();
    };
  }

  private Behavior<Command> onWake() {
    timers.startSingleTimer(Signal.FLUSH_TICK, settings.flushInterval());
    return this;
  }

  private Behavior<Command> onDrain() {
    drain();
    return send();
  }

  private Behavior<Command> onOpened() {
    opened = true;
    backoff.reset();
    return send();
  }

  private Behavior<Command> onFlushTick() {
    inbox.mayWake();
    drain();
    flushDue = true;
    return send();
  }

  private Behavior<Command> onIdleTick() {
    drain();
    log.checkpoint();
    return send();
  }

  private Behavior<Command> onIntervalTick() {
    log.checkpointSoon();
    return this;
  }

  private Behavior<Command> onFlush(Flush command) {
    drain();
    log.flush();
    if (waiters.size() == WAITERS_MAX) {
      waiters.remove(0);
    }
    waiters.add(new Waiter(inbox.emitted(), command.replyTo()));
    return send();
  }

  private Behavior<Command> onClose(Close command) {
    inbox.close();
    drain();
    log.close();
    closers.add(command.replyTo());
    return send();
  }

  private Behavior<Command> onJournal(Journal message) {
    if (message.reply() instanceof TermJournal.Ready now) {
      onReady(now);
    } else if (message.reply() instanceof TermJournal.Stored now) {
      onStored(now);
    }
    return send();
  }

  private void onReady(TermJournal.Ready now) {
    if (!now.journal().equals(journal)) {
      return;
    }
    ready = true;
    long found = now.lastSequence() - sequence;
    if (sequenceKnown && found == inFlight && found > 0) {
      acknowledge(inFlight);
      recovered();
    } else if (sequenceKnown && found != 0) {
      getContext()
          .getLog()
          .error(
              "the history has rows this writer did not store, or lost some: id={} expected={}"
                  + " found={}",
              journalId,
              sequence,
              now.lastSequence());
    }
    inFlight = 0;
    sequence = now.lastSequence();
    sequenceKnown = true;
  }

  private void onStored(TermJournal.Stored now) {
    acknowledge(inFlight);
    sending = false;
    inFlight = 0;
    sequence = now.lastSequence();
    recovered();
  }

  private void recovered() {
    backoff.reset();
    trouble = "";
    if (failing) {
      failing = false;
      getContext().getLog().info("the history is written again: term={}", inbox.term());
    }
  }

  private Behavior<Command> onJournalFailed(ChildFailed signal) {
    // What is not even tried for a while says less than the failure before it.
    if (trouble.isEmpty()
        || !(signal.getCause().getCause() instanceof CircuitBreakerOpenException)) {
      trouble = parts.database().reason(signal.getCause());
    }
    return onJournalStopped(signal.getRef());
  }

  private Behavior<Command> onJournalStopped(ActorRef<Void> stopped) {
    if (journal == null || !journal.path().equals(stopped.path())) {
      return this;
    }
    if (!failing) {
      failing = true;
      getContext()
          .getLog()
          .warn(
              "the history cannot be written, events are kept and it is tried again:"
                  + " term={} kept-at-most={} reason={}",
              inbox.term(),
              settings.backlog(),
              trouble);
    }
    journal = null;
    ready = false;
    sending = false;
    timers.startSingleTimer(Signal.RETRY_TICK, backoff.next());
    publish();
    return this;
  }

  private Behavior<Command> onPostStop(PostStop signal) {
    inbox.end();
    return this;
  }

  private void drain() {
    if (!closers.isEmpty()) {
      return;
    }
    long refused = inbox.lastRefused();
    int count = 0;
    var next = inbox.poll();
    while (next != null) {
      log.add(next.number(), next.event());
      next = ++count < EVENTS_AT_ONCE ? inbox.poll() : null;
    }
    if (inbox.hasMore()) {
      getContext().getSelf().tell(Signal.DRAIN);
    } else {
      log.loseUpTo(refused);
    }
    if (count > 0) {
      timers.startSingleTimer(Signal.IDLE_TICK, settings.checkpointIdle());
    }
  }

  /** Has the next rows stored, if nothing is in the way. */
  private Behavior<Command> send() {
    if (opened && !sending && !timers.isTimerActive(Signal.RETRY_TICK)) {
      if (flushDue) {
        flushDue = false;
        log.flush();
      }
      var rows = log.head(ROWS_AT_ONCE);
      if (!rows.isEmpty()) {
        send(rows);
      }
    }
    publish();
    return settle();
  }

  private void send(List<JournalRow> rows) {
    var id = rows.get(0).id();
    if (journal == null || !id.equals(journalId)) {
      openJournal(id);
    } else if (ready) {
      sending = true;
      inFlight = rows.size();
      journal.tell(new TermJournal.Append(rows.stream().map(JournalRow::batch).toList()));
    }
  }

  private void openJournal(HistoryId id) {
    if (journal != null) {
      getContext().unwatch(journal);
      getContext().stop(journal);
    }
    if (!id.equals(journalId)) {
      sequenceKnown = false;
      sequence = 0;
    }
    var replies = getContext().messageAdapter(TermJournal.Reply.class, Journal::new);
    journal = getContext().spawnAnonymous(parts.journals().create(id, replies));
    journalId = id;
    ready = false;
    getContext().watch(journal);
  }

  private void acknowledge(int count) {
    var rows = new ArrayList<StoredRow>();
    for (var row : log.head(count)) {
      rows.add(new StoredRow(row.id(), sequence + rows.size() + 1, row.batch()));
      stored = row.batch().lastNumber();
    }
    log.stored(count);
    parts.projection().tell(new ProjectionActor.Project(rows));
    waiters.removeIf(this::answered);
  }

  private boolean answered(Waiter waiter) {
    if (waiter.number() > stored) {
      return false;
    }
    waiter.replyTo().tell(Done.getInstance());
    return true;
  }

  /** Answers whoever waits for what is done by now. */
  private Behavior<Command> settle() {
    waiters.removeIf(this::answered);
    if (closers.isEmpty() || log.hasOpenRow() || !log.head(1).isEmpty()) {
      return this;
    }
    closers.forEach(closer -> closer.tell(Done.getInstance()));
    return Behaviors.stopped();
  }

  private void publish() {
    inbox.publish(new HistoryWriter.Progress(word(), log.waiting(), log.lost(), stored, trouble));
  }

  private String word() {
    if (!opened || failing || log.waiting() > settings.backlog() / 10) {
      return "behind";
    }
    return log.lost() > 0 ? "gap" : "ok";
  }
}
