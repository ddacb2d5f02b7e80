package org.brokecluster.coordinator.history.store;

import akka.actor.typed.ActorSystem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/** The H2 file behind the connection pool that the journal uses too: one pool for everything. */
public final class SlickH2Database implements Database {
  /**
   * What shows that a connection is alive. When H2 cannot write its file (a full disk) it gives the
   * file up; what was connected then fails for ever, and still says that it is valid.
   */
  public static final String TEST = "SELECT 1";

  /** The pool trusts a connection for so long after its last use. */
  private static final String TRUSTED_MILLIS = "com.zaxxer.hikari.aliveBypassWindowMs";

  /** What closing a connection says after the database was shut down through it. */
  private static final int IS_CLOSED = 90121;

  private static final int IN_USE = 90020;
  private static final int DAMAGED = 90030;

  /** Of the file's pieces, how much shall still count. */
  private static final int FILL_PERCENT = 50;

  /** Written anew at a time. */
  private static final int TIDIED_BYTES = 4 << 20;

  /** What Linux and macOS say of a full disk. */
  private static final String NO_ROOM = "No space left on device";

  private final SlickPool pool;
  private final Path file;

  /**
   * The pool of this system, made on first use.
   *
   * @param file the database's file, with its ending
   */
  public SlickH2Database(ActorSystem<?> system, Path file) {
    System.setProperty(TRUSTED_MILLIS, "0");
    this.pool = new SlickPool(system);
    this.file = file;
  }

  @Override
  public Connection probe() throws SQLException {
    var folder = file.getParent();
    try {
      if (folder != null) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new SQLException("its folder cannot be made: " + e.getMessage(), e);
    }
    return pool.outside();
  }

  @Override
  public Connection connect() throws SQLException {
    return pool.connect();
  }

  @Override
  public void shutDown() throws SQLException {
    // The pool first: it would open the database again to keep its connections.
    pool.close();
    try (var connection = pool.outside();
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    } catch (SQLException e) {
      if (!isClosed(e)) {
        throw e;
      }
    }
  }

  /**
   * Every commit writes a piece of the file, and it takes a single page that still counts to keep
   * all of it. Such pages are written anew, together; H2 does so itself only where a commit may be
   * late (WRITE_DELAY), and at a shutdown not for long enough.
   */
  @Override
  public void tidy() throws SQLException {
    try (var connection = pool.outside()) {
      if (connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
        session.getDatabase().getStore().getMvStore().compact(FILL_PERCENT, TIDIED_BYTES);
      }
    } catch (MVStoreException e) {
      throw new SQLException(e);
    }
  }

  @Override
  public String place() {
    return file.toString();
  }

  @Override
  public long bytes() {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  static boolean isClosed(SQLException failure) {
    return failure.getErrorCode() == IS_CLOSED;
  }

  @Override
  public String advice(SQLException failure) {
    return adviceFor(failure);
  }

  static String adviceFor(SQLException failure) {
    if (failure.getErrorCode() == IN_USE) {
      return "is in use by another process: stop that one, or start this one with its own"
          + " --data-dir";
    }
    for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof AccessDeniedException) {
        return "may not be written by this user: was a host run with sudo? Give the data folder to"
            + " its user (chown -R), or choose another with --data-dir";
      }
      if (each instanceof IOException && String.valueOf(each.getMessage()).startsWith(NO_ROOM)) {
        return "has no room left on its disk: make some, and it goes on by itself";
      }
    }
    return failure.getErrorCode() == DAMAGED
        ? "is damaged: stop this host, move that file away, and start again with an empty history,"
            + " or with that of a backup (./broke history restore)"
        : "";
  }
}
