package org.brokecluster.coordinator.history;

import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.concurrent.Executor;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.Retention;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes old days from the history, soon after a start and then again and again, and keeps the
 * database tidy all the time. Thread safe.
 */
final class RetentionKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(RetentionKeeper.class);
  private static final Duration TIDY_EVERY = Duration.ofSeconds(15);

  private final ActorSystem<?> system;
  private final Database database;
  private final Executor executor;
  private final RetentionSettings settings;
  private @Nullable Cancellable timer;
  private @Nullable Cancellable tidying;
  private boolean stopped;

  RetentionKeeper(
      ActorSystem<?> system, Database database, Executor executor, RetentionSettings settings) {
    this.system = system;
    this.database = database;
    this.executor = executor;
    this.settings = settings;
  }

  /** Begins, unless it has begun. */
  synchronized void start() {
    if (timer == null && !stopped) {
      timer = every(settings.interval().dividedBy(60), settings.interval(), this::look);
      tidying = every(TIDY_EVERY, TIDY_EVERY, this::tidy);
    }
  }

  private Cancellable every(Duration first, Duration interval, Runnable work) {
    return system
        .scheduler()
        .scheduleWithFixedDelay(
            first, interval, () -> executor.execute(work), system.executionContext());
  }

  synchronized void stop() {
    stopped = true;
    if (timer != null) {
      timer.cancel();
    }
    if (tidying != null) {
      tidying.cancel();
    }
  }

  private void tidy() {
    if (isStopped()) {
      return; // a new connection would open what is being shut down
    }
    try {
      database.tidy();
    } catch (SQLException | RuntimeException e) {
      LOG.debug("not tidied, it is tried again", e); // whoever writes says what is wrong
    }
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  private void look() {
    try {
      var today = LocalDate.now(Clock.systemUTC());
      var removed = Retention.run(database, today, settings.days(), settings.bytes());
      if (removed.days() > 0) {
        LOG.info(
            "old days of the history are removed: days={} bytes={}",
            removed.days(),
            removed.bytes());
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn(
          "old days of the history could not be removed, it is tried again: {}",
          database.reason(e));
    }
  }
}
