package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.SQLException;

/** What the two databases do not have in common. */
public enum Dialect {
  /** A file of this host. */
  H2("h2"),
  /** A server that several coordinators share. */
  POSTGRES("postgres");

  /** Any number that no other program on the server locks. */
  private static final long UPGRADE_LOCK = 0x62726f6b65L;

  private final String folder;

  Dialect(String folder) {
    this.folder = folder;
  }

  /** Folder of its schema files. */
  String folder() {
    return folder;
  }

  /** The dialect of an open connection. */
  static Dialect of(Connection connection) throws SQLException {
    return connection.getMetaData().getURL().startsWith("jdbc:postgresql:") ? POSTGRES : H2;
  }

  /** Keeps others from writing rows until this transaction ends. */
  void lockJournal(Connection connection) throws SQLException {
    if (this == POSTGRES) {
      try (var statement = connection.createStatement()) {
        statement.execute("LOCK TABLE \"event_journal\" IN EXCLUSIVE MODE");
      }
    }
  }

  /** Keeps other coordinators from upgrading until this transaction ends. */
  void lockSchema(Connection connection) throws SQLException {
    if (this == POSTGRES) {
      try (var statement = connection.createStatement()) {
        statement.execute("SELECT pg_advisory_xact_lock(" + UPGRADE_LOCK + ")");
      }
    }
  }
}
