package org.brokecluster.coordinator.history.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The tables, as numbered SQL files that are each applied once; which ones were is in the database.
 * Running it twice, or after a crash half way, does no harm.
 */
public final class Schema {
  /** The version this program needs. */
  public static final int VERSION = 5;

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
    var applied = applied(connection);
    int found = applied.isEmpty() ? 0 : applied.last();
    if (found > VERSION) {
      throw new SQLException(
          ("the history was written by a newer version of this program: start that one again, or"
                  + " this one with its own --data-dir (schema=%d known=%d)")
              .formatted(found, VERSION));
    }
    for (int version = 1; version <= VERSION; version++) {
      var statements = statements(dialect, version);
      if (!applied.contains(version) && !statements.isEmpty()) {
        apply(connection, version, statements);
      }
    }
  }

  private static void apply(Connection connection, int version, List<String> statements)
      throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
      statement.execute("INSERT INTO \"history_schema\" VALUES (" + version + ")");
    }
  }

  private static SortedSet<Integer> applied(Connection connection) throws SQLException {
    var applied = new TreeSet<Integer>();
    try (var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS \"history_schema\" (\"version\" INTEGER PRIMARY KEY)");
      try (var rows = statement.executeQuery("SELECT \"version\" FROM \"history_schema\"")) {
        while (rows.next()) {
          applied.add(rows.getInt(1));
        }
      }
    }
    return applied;
  }

  /** Statements of a version; none if there is no such version. */
  private static List<String> statements(Dialect dialect, int version) {
    var file = "V" + version + ".sql";
    // What is the same in all dialects lies beside their folders.
    var own = Schema.class.getResource(dialect.folder() + "/" + file);
    var found = own == null ? Schema.class.getResource(file) : own;
    if (found == null) {
      return List.of();
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
