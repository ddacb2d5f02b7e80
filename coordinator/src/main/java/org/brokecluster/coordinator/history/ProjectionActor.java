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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.brokecluster.coordinator.history.journal.StoredRow;
import org.brokecluster.coordinator.history.store.Projector;

/**
 * Feeds a {@link Projector}: first everything the journal holds, then rows as they are stored, one
 * piece of work at a time on the history's dispatcher. Rows beyond a bound are let go and read from
 * the journal later.
 */
final class ProjectionActor extends AbstractBehavior<ProjectionActor.Command> {
  private static final int ROWS_MAX = 64;
  private static final int WAITERS_MAX = 100;

  /** Anything this actor accepts. */
  sealed interface Command permits Project, Flush, Signal, Worked {}

  /** These rows are in the journal now. */
  record Project(List<StoredRow> rows) implements Command {
    Project {
      rows = List.copyOf(rows);
    }
  }

  /** Answers when everything told so far is in the table; never if the database stays away. */
  record Flush(ActorRef<Done> replyTo) implements Command {}

  /** Commands without data. */
  enum Signal implements Command {
    /** The database is open. */
    OPENED,
    RETRY_TICK
  }

  private record Worked(boolean ok, String reason) implements Command {}

  private final TimerScheduler<Command> timers;
  private final Projector projector;
  private final Executor executor;
  private final Backoff backoff;
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
      Projector projector,
      Executor executor,
      Backoff backoff) {
    super(context);
    this.timers = timers;
    this.projector = projector;
    this.executor = executor;
    this.backoff = backoff;
  }

  /**
   * The actor; idle until {@link Signal#OPENED}.
   *
   * @param executor where the projector may block
   */
  static Behavior<Command> create(Projector projector, Executor executor, Backoff backoff) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new ProjectionActor(context, timers, projector, executor, backoff)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Project.class, this::onProject)
        .onMessage(Flush.class, this::onFlush)
        .onMessageEquals(Signal.OPENED, this::onOpened)
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
    return work();
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
                new Worked(failure == null, failure == null ? "" : String.valueOf(failure)));
    return this;
  }

  private void run(boolean everything, List<StoredRow> batch) {
    try {
      if (everything) {
        projector.catchUp();
      } else {
        projector.project(batch);
      }
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  private Behavior<Command> onWorked(Worked result) {
    working = false;
    if (result.ok()) {
      failing = false;
      backoff.reset();
      served.forEach(waiter -> waiter.tell(Done.getInstance()));
    } else {
      catchUp = true;
      if (!failing) {
        failing = true;
        getContext().getLog().warn("the table of requests is behind: {}", result.reason());
      }
      timers.startSingleTimer(Signal.RETRY_TICK, backoff.next());
    }
    served.clear();
    return work();
  }
}
