package org.brokecluster.coordinator.history.store;

import akka.actor.typed.ActorSystem;
import akka.persistence.jdbc.db.SlickDatabase;
import akka.persistence.jdbc.db.SlickExtension;
import akka.persistence.jdbc.db.SlickExtensionImpl;
import java.sql.Connection;
import java.sql.SQLException;

/** The H2 file behind the connection pool that the journal uses too: one pool for everything. */
public final class SlickH2Database implements Database {
  /** What closing a connection says after the database was shut down through it. */
  private static final int IS_CLOSED = 90121;

  private final ActorSystem<?> system;

  /** The pool of this system, made on first use. */
  public SlickH2Database(ActorSystem<?> system) {
    this.system = system;
  }

  @Override
  public Connection connect() throws SQLException {
    return pool().database().source().createConnection();
  }

  @Override
  public void shutDown() throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    } catch (SQLException e) {
      if (e.getErrorCode() != IS_CLOSED) {
        throw e;
      }
    } finally {
      pool().database().close();
    }
  }

  private SlickDatabase pool() {
    var extension = (SlickExtensionImpl) SlickExtension.get(system.classicSystem());
    return extension.database(system.settings().config().getConfig("jdbc-journal"));
  }
}
