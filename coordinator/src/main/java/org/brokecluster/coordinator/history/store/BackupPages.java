package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokecluster.coordinator.history.backup.BackupJson;
import org.brokecluster.coordinator.history.backup.BackupLine;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.jspecify.annotations.Nullable;

/**
 * The history as the text of a backup, piece by piece, while it goes on being written: the journal
 * only grows, so that everything up to the row that was last at the beginning is one consistent
 * state. Where a reader stands is in its {@link BackupCursor} and nowhere else. Blocks.
 */
final class BackupPages {
  /** Longest piece, in characters: fits into a message between machines whatever its letters. */
  static final int PIECE_MAX = 64 * 1024;

  private static final int ROWS_MAX = 32;
  private static final int PEOPLE_AT_ONCE = 50;

  private final Connection connection;
  private final BackupCursor cursor;
  private final StringBuilder text = new StringBuilder();

  private BackupPages(Connection connection, BackupCursor cursor) {
    this.connection = connection;
    this.cursor = cursor;
  }

  /**
   * A piece of the text.
   *
   * @param next cursor of the following piece, or null at the end
   */
  record Piece(String text, @Nullable String next) {}

  /**
   * The first piece.
   *
   * @param texts whether what is kept sealed comes too
   */
  static Piece first(Connection connection, Instant now, String program, boolean texts)
      throws SQLException {
    var cursor = new BackupCursor(lastRow(connection));
    cursor.withTexts = texts;
    var pages = new BackupPages(connection, cursor);
    pages.line(
        new BackupLine.Header(
            texts ? BackupJson.WITH_TEXTS : BackupJson.VERSION,
            now.toEpochMilli(),
            program,
            count(connection, cursor.asOf),
            SealedTable.TEXTS.count(connection)));
    return new Piece(pages.text.toString(), cursor.text());
  }

  /**
   * A further piece.
   *
   * @throws IllegalArgumentException if the cursor is none
   */
  static Piece next(Connection connection, String cursor) throws SQLException {
    return new BackupPages(connection, BackupCursor.parse(cursor)).piece();
  }

  private Piece piece() throws SQLException {
    boolean over = cursor.part == BackupCursor.Part.END;
    switch (cursor.part) {
      case ROWS -> rows();
      case PEOPLE -> people();
      case TEXTS -> sealed(SealedTable.TEXTS, BackupCursor.Part.NOTES);
      case NOTES -> sealed(SealedTable.NOTES, BackupCursor.Part.END);
      case END -> line(new BackupLine.End(cursor.rows, cursor.people, cursor.texts, null));
    }
    return new Piece(text.toString(), over ? null : cursor.text());
  }

  private void rows() throws SQLException {
    int atOnce = 1;
    while (text.length() < PIECE_MAX) {
      var rows = cursor.id == null ? List.<BackupLine.Row>of() : read(cursor.id, atOnce);
      if (rows.isEmpty() && !turnPage()) {
        cursor.part = BackupCursor.Part.PEOPLE;
        return;
      }
      for (var row : rows) {
        if (!takes(row)) {
          return;
        }
        cursor.sequence = row.row().sequence();
        cursor.rows++;
      }
      atOnce = Math.min(2 * atOnce, ROWS_MAX);
    }
  }

  /** Adds a line; false if not all of it had room. */
  private boolean takes(BackupLine next) {
    var line = BackupJson.write(next) + "\n";
    int end = Math.min(line.length(), cursor.offset + PIECE_MAX - text.length());
    if (end < line.length() && Character.isHighSurrogate(line.charAt(end - 1))) {
      end--; // halves of one letter stay together
    }
    text.append(line, Math.min(cursor.offset, end), end);
    if (end < line.length()) {
      cursor.offset = end;
      return false;
    }
    cursor.offset = 0;
    return true;
  }

  /** Goes on to the next persistence id, or over a hole; false if there is nothing more. */
  private boolean turnPage() throws SQLException {
    var id = cursor.id;
    if (id != null) {
      var later = firstFrom(id, cursor.sequence + 1);
      if (later.isPresent()) {
        cursor.sequence = later.get() - 1;
        return true;
      }
    }
    var next =
        ids(connection).stream().filter(each -> id == null || each.compareTo(id) > 0).findFirst();
    cursor.id = next.orElse(null);
    cursor.sequence = 0;
    return next.isPresent();
  }

  private List<BackupLine.Row> read(HistoryId id, int max) throws SQLException {
    var found = new ArrayList<BackupLine.Row>();
    try (var select =
        connection.prepareStatement(
            "SELECT \"sequence_number\", \"write_timestamp\", \"event_ser_manifest\","
                + " \"event_payload\" FROM \"event_journal\" WHERE \"persistence_id\" = ?"
                + " AND \"sequence_number\" >= ? AND \"sequence_number\" <= ?"
                + " AND \"ordering\" <= ? ORDER BY \"sequence_number\"")) {
      select.setString(1, id.persistenceId());
      select.setLong(2, cursor.sequence + 1);
      select.setLong(3, cursor.sequence + max);
      select.setLong(4, cursor.asOf);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          var payload = new RawRow.Payload(rows.getBytes(4));
          var row = new RawRow(id, rows.getLong(1), rows.getString(3), payload);
          found.add(new BackupLine.Row(row, rows.getLong(2)));
        }
      }
    }
    return found;
  }

  private Optional<Long> firstFrom(HistoryId id, long sequence) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT MIN(\"sequence_number\") FROM \"event_journal\" WHERE \"persistence_id\" = ?"
                + " AND \"sequence_number\" >= ? AND \"ordering\" <= ?")) {
      select.setString(1, id.persistenceId());
      select.setLong(2, sequence);
      select.setLong(3, cursor.asOf);
      try (var rows = select.executeQuery()) {
        return rows.next() && rows.getObject(1) != null
            ? Optional.of(rows.getLong(1))
            : Optional.empty();
      }
    }
  }

  private void people() throws SQLException {
    var found = PersonTable.after(connection, cursor.person, PEOPLE_AT_ONCE);
    for (var person : found) {
      line(new BackupLine.Person(person.id(), person.name(), person.firstSeen()));
      cursor.person = person.id();
      cursor.people++;
    }
    if (found.isEmpty()) {
      cursor.part = cursor.withTexts ? BackupCursor.Part.TEXTS : BackupCursor.Part.END;
    }
  }

  private void sealed(SealedTable table, BackupCursor.Part next) throws SQLException {
    int atOnce = 1;
    while (text.length() < PIECE_MAX) {
      var found = table.after(connection, cursor.textId, atOnce);
      if (found.isEmpty()) {
        cursor.part = next;
        cursor.textId = "";
        return;
      }
      for (var each : found) {
        if (!takes(each)) {
          return;
        }
        cursor.textId = each.id();
        cursor.texts++;
      }
      atOnce = Math.min(2 * atOnce, ROWS_MAX);
    }
  }

  private void line(BackupLine line) {
    text.append(BackupJson.write(line)).append('\n');
  }

  private static long lastRow(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT MAX(\"ordering\") FROM \"event_journal\"")) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private static long count(Connection connection, long asOf) throws SQLException {
    long count = 0;
    try (var select =
        connection.prepareStatement(
            "SELECT \"persistence_id\", COUNT(*) FROM \"event_journal\""
                + " WHERE \"ordering\" <= ? GROUP BY \"persistence_id\"")) {
      select.setLong(1, asOf);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          count += HistoryId.parse(rows.getString(1)).isPresent() ? rows.getLong(2) : 0;
        }
      }
    }
    return count;
  }

  private static List<HistoryId> ids(Connection connection) throws SQLException {
    return JournalReader.extents(connection).stream().map(JournalReader.Extent::id).toList();
  }
}
