package org.brokecluster.coordinator.history;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.brokecluster.coordinator.history.journal.StoredRow;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.Projector;

/**
 * Feeds a {@link Projector}: first everything the journal holds, then rows as they are stored, one
 * piece of work at a time on the history's dispatcher. Rows are gathered for a while, because most
 * requests are over by then and cost one line written instead of several; whoever asks a question
 * has them written at once. Rows beyond a bound are let go and read from the journal later.
 */
final class ProjectionActor extends AbstractBehavior<ProjectionActor.Command> {
  private static final int ROWS_ENOUGH = 32;
  private static final int ROWS_MAX = 4 * ROWS_ENOUGH;
  private static final int WAITERS_MAX = 100;

  /** Anything this actor accepts. */
  sealed interface Command permits Project, Flush, Signal, Worked {}

  /** These rows are in the journal now. */
  record Project(List<StoredRow> rows) implements Command {
    Project {
      rows = List.copyOf(rows);
    }
  }

  /** Answers when everything told so far is in the table, or when that could not be done. */
  record Flush(ActorRef<Done> replyTo) implements Command {}

  /** Commands without data. */
  enum Signal implements Command {
    /** The database is open. */
    OPENED,
    GATHERED_TICK,
    RETRY_TICK
  }

  /** What is kept in step with the journal; blocks. */
  record Work(Projector projector, People people, Database database) {
    private void run(boolean everything, List<StoredRow> rows) throws SQLException {
      people.store(database);
      if (everything) {
        people.load(database);
        projector.catchUp();
      } else {
        projector.project(rows);
      }
    }
  }

  private record Worked(boolean ok, String reason) implements Command {}

  private final TimerScheduler<Command> timers;
  private final Work work;
  private final Executor executor;
  private final Backoff backoff;
  private final Duration interval;
  private final List<StoredRow> rows = new ArrayList<>();
  private final List<ActorRef<Done>> waiters = new ArrayList<>();
  private final List<ActorRef<Done>> served = new ArrayList<>();
  private boolean opened;
  private boolean working;
  private boolean catchUp = true;
  private boolean failing;

  private ProjectionActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Work work,
      Executor executor,
      Backoff backoff,
      Duration interval) {
    super(context);
    context.setLoggerName(ProjectionActor.class);
    this.timers = timers;
    this.work = work;
    this.executor = executor;
    this.backoff = backoff;
    this.interval = interval;
  }

  /**
   * The actor; idle until {@link Signal#OPENED}.
   *
   * @param executor where the work may block
   * @param interval how long rows are gathered
   */
  static Behavior<Command> create(
      Work work, Executor executor, Backoff backoff, Duration interval) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new ProjectionActor(context, timers, work, executor, backoff, interval)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Project.class, this::onProject)
        .onMessage(Flush.class, this::onFlush)
        .onMessageEquals(Signal.OPENED, this::onOpened)
        .onMessageEquals(Signal.GATHERED_TICK, this::work)
        .onMessageEquals(Signal.RETRY_TICK, this::work)
        .onMessage(Worked.class, this::onWorked)
        .build();
  }

  private Behavior<Command> onOpened() {
    opened = true;
    catchUp = true;
    return work();
  }

  private Behavior<Command> onProject(Project command) {
    rows.addAll(command.rows());
    if (rows.size() > ROWS_MAX) {
      rows.clear();
      catchUp = true;
    }
    if (rows.size() >= ROWS_ENOUGH || catchUp) {
      return work();
    }
    if (!timers.isTimerActive(Signal.GATHERED_TICK)) {
      timers.startSingleTimer(Signal.GATHERED_TICK, interval);
    }
    return this;
  }

  private Behavior<Command> onFlush(Flush command) {
    if (waiters.size() == WAITERS_MAX) {
      waiters.remove(0);
    }
    waiters.add(command.replyTo());
    return work();
  }

  private Behavior<Command> work() {
    if (!opened || working || timers.isTimerActive(Signal.RETRY_TICK)) {
      return this;
    }
    if (!catchUp && rows.isEmpty()) {
      waiters.forEach(waiter -> waiter.tell(Done.getInstance()));
      waiters.clear();
      return this;
    }
    boolean everything = catchUp;
    var batch = List.copyOf(rows);
    catchUp = false;
    rows.clear();
    served.addAll(waiters);
    waiters.clear();
    working = true;
    getContext()
        .pipeToSelf(
            CompletableFuture.runAsync(() -> run(everything, batch), executor),
            (done, failure) ->
                new Worked(
                    failure == null, failure == null ? "" : work.database().reason(failure)));
    return this;
  }

  private void run(boolean everything, List<StoredRow> batch) {
    try {
      work.run(everything, batch);
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  private Behavior<Command> onWorked(Worked result) {
    working = false;
    if (result.ok()) {
      failing = false;
      backoff.reset();
    } else {
      catchUp = true;
      if (!failing) {
        failing = true;
        getContext().getLog().warn("the table of requests is behind: {}", result.reason());
      }
      timers.startSingleTimer(Signal.RETRY_TICK, backoff.next());
    }
    served.forEach(waiter -> waiter.tell(Done.getInstance()));
    served.clear();
    boolean more = catchUp || rows.size() >= ROWS_ENOUGH || !waiters.isEmpty();
    return more ? work() : this;
  }
}
