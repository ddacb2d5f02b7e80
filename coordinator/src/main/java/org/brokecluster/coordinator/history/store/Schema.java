package org.brokecluster.coordinator.history.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * The tables, as numbered SQL files that are each applied once. Running it twice, or after a crash
 * half way, does no harm.
 */
public final class Schema {
  /** The version this program needs. */
  public static final int VERSION = 3;

  private Schema() {}

  /**
   * Brings the database to {@link #VERSION}.
   *
   * @throws SQLException if a statement fails, or the database was made by a newer program
   */
  public static void upgrade(Connection connection) throws SQLException {
    Transaction.run(
        connection,
        () -> {
          upgrade(connection, Dialect.of(connection));
        });
  }

  private static void upgrade(Connection connection, Dialect dialect) throws SQLException {
    dialect.lockSchema(connection);
    int found = version(connection);
    if (found > VERSION) {
      throw new SQLException(
          "the history was written by a newer version of this program: schema=%d known=%d"
              .formatted(found, VERSION));
    }
    for (int version = found + 1; version <= VERSION; version++) {
      try (var statement = connection.createStatement()) {
        for (var sql : statements(dialect, version)) {
          statement.execute(sql);
        }
        statement.execute("INSERT INTO \"history_schema\" VALUES (" + version + ")");
      }
    }
  }

  private static int version(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS \"history_schema\" (\"version\" INTEGER PRIMARY KEY)");
      try (var rows = statement.executeQuery("SELECT MAX(\"version\") FROM \"history_schema\"")) {
        return rows.next() ? rows.getInt(1) : 0;
      }
    }
  }

  private static List<String> statements(Dialect dialect, int version) {
    var file = "V" + version + ".sql";
    // What is the same in all dialects lies beside their folders.
    var own = Schema.class.getResource(dialect.folder() + "/" + file);
    var found = own == null ? Schema.class.getResource(file) : own;
    if (found == null) {
      throw new IllegalStateException("schema file is missing: " + file);
    }
    try (var in = found.openStream()) {
      var sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(sql.replaceAll("(?m)^--.*$", "").split(";", -1))
          .map(String::strip)
          .filter(statement -> !statement.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("schema file cannot be read: " + file, e);
    }
  }
}
