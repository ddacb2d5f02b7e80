package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.history.backup.BackupLine;
import org.brokecluster.coordinator.history.journal.RawRow;

/**
 * The two tables of what is kept sealed, texts and the notes about them, as a backup copies them:
 * without opening anything. Blocks.
 */
enum SealedTable {
  TEXTS("content", "id", "\"source\""),
  NOTES("content_note", "request_id", "NULL");

  private final String table;
  private final String key;
  private final String source;

  SealedTable(String table, String key, String source) {
    this.table = table;
    this.key = key;
    this.source = source;
  }

  /** How many lines there are. */
  long count(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM \"%s\"".formatted(table))) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** Lines behind an id, in the order of ids. */
  List<BackupLine.Text> after(Connection connection, String id, int atMost) throws SQLException {
    var found = new ArrayList<BackupLine.Text>();
    var sql =
        """
        SELECT "%1$s", "created_at", %2$s, "person", "key_id", "sealed" FROM "%3$s"
        WHERE "%1$s" > ? ORDER BY "%1$s" FETCH FIRST ? ROWS ONLY"""
            .formatted(key, source, table);
    try (var select = connection.prepareStatement(sql)) {
      select.setString(1, id);
      select.setInt(2, atMost);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(
              new BackupLine.Text(
                  rows.getString(1),
                  rows.getLong(2),
                  rows.getString(3),
                  rows.getString(4),
                  rows.getString(5),
                  new RawRow.Payload(rows.getBytes(6))));
        }
      }
    }
    return found;
  }

  /** Adds a line to the table it belongs to. */
  static void insert(Connection connection, BackupLine.Text line) throws SQLException {
    var sealed = line.sealed().bytes();
    var sql =
        line.source() == null
            ? "INSERT INTO \"content_note\" (\"request_id\", \"created_at\", \"person\","
                + " \"key_id\", \"sealed\") VALUES (?, ?, ?, ?, ?)"
            : "INSERT INTO \"content\" (\"id\", \"created_at\", \"person\", \"key_id\","
                + " \"sealed\", \"source\", \"size\") VALUES (?, ?, ?, ?, ?, ?, ?)";
    try (var insert = connection.prepareStatement(sql)) {
      insert.setString(1, line.id());
      insert.setLong(2, line.at());
      insert.setString(3, line.person());
      insert.setString(4, line.keyId());
      insert.setBytes(5, sealed);
      if (line.source() != null) {
        insert.setString(6, line.source());
        insert.setLong(7, sealed.length);
      }
      insert.executeUpdate();
    }
  }
}
