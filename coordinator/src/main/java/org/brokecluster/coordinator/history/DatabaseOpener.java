package org.brokecluster.coordinator.history;

import akka.actor.typed.ActorSystem;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.Schema;
import org.brokecluster.coordinator.history.store.SlickH2Database;
import org.brokecluster.coordinator.history.store.SlickPostgresDatabase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database and brings its schema up to date, on a thread that may block, and tries again
 * after a growing wait until it succeeds or is told to stop. Says so once when it fails and once
 * when it works.
 */
final class DatabaseOpener {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseOpener.class);

  private final ActorSystem<?> system;
  private final Database database;
  private final Executor executor;
  private final Backoff backoff;
  private final Consumer<HistoryStatus> listener;
  private volatile boolean stopped;
  private boolean failed;

  /**
   * Nothing happens before {@link #start}.
   *
   * @param listener told of every failure, and once of success
   */
  DatabaseOpener(
      ActorSystem<?> system,
      Database database,
      Executor executor,
      Backoff backoff,
      Consumer<HistoryStatus> listener) {
    this.system = system;
    this.database = database;
    this.executor = executor;
    this.backoff = backoff;
    this.listener = listener;
  }

  /** The database that the settings name; nothing is opened yet. */
  static Database choose(ActorSystem<?> system, Path dataDir, DatabaseSettings settings) {
    var place = settings.place(dataDir);
    return settings.isServer()
        ? new SlickPostgresDatabase(system, place)
        : new SlickH2Database(system, Path.of(place));
  }

  void start() {
    executor.execute(this::open);
  }

  void stop() {
    stopped = true;
  }

  private void open() {
    if (stopped) {
      return;
    }
    try {
      try (var connection = database.probe()) {
        Schema.upgrade(connection);
      }
      if (failed) {
        LOG.info("the history database is open: {}", database.place());
      }
      listener.accept(HistoryStatus.OPEN);
    } catch (SQLException | RuntimeException e) {
      again(database.reason(e));
    }
  }

  private void again(String reason) {
    if (stopped) {
      return;
    }
    if (!failed) {
      LOG.warn("the history is off, answers go on, it is tried again: {}", reason);
    }
    failed = true;
    listener.accept(HistoryStatus.off(reason));
    system.scheduler().scheduleOnce(backoff.next(), this::start, system.executionContext());
  }
}
