package org.brokecluster.coordinator.history.content;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.protocol.history.ContentFilter;
import org.jspecify.annotations.Nullable;

/** The tables of kept texts and notes, in standard SQL. Blocks. */
final class ContentTable {
  private static final String INSERT =
      "INSERT INTO \"content\" (\"id\", \"created_at\", \"source\", \"person\", \"size\","
          + " \"key_id\", \"sealed\") SELECT ?, ?, ?, ?, ?, ?, ?"
          + " WHERE NOT EXISTS (SELECT 1 FROM \"content\" WHERE \"id\" = ?)";
  private static final String SELECT =
      "SELECT c.\"id\", c.\"created_at\", c.\"source\", c.\"person\", c.\"key_id\", c.\"sealed\","
          + " n.\"key_id\" AS \"note_key\", n.\"sealed\" AS \"note\", r.\"rating\""
          + " FROM \"content\" c"
          + " LEFT JOIN \"request\" r ON r.\"request_id\" = c.\"id\""
          + " LEFT JOIN \"content_note\" n ON n.\"request_id\" = c.\"id\" WHERE 1 = 1";

  private ContentTable() {}

  /** Something sealed, which nobody changes, and the key it was sealed with. */
  @SuppressWarnings("ArrayRecordComponent")
  record Sealed(String keyId, byte[] bytes) {
    @Override
    public String toString() {
      return "Sealed[" + bytes.length + " bytes]";
    }
  }

  /** A new line. */
  record Line(String id, long at, String source, @Nullable String person, Sealed text) {}

  /** A line that was found, with what stands elsewhere about it. */
  record Found(Line line, @Nullable Sealed note, @Nullable Integer rating) {}

  /** Where a page of lines begins: behind this one. */
  record Cursor(long at, String id) {
    static Cursor parse(String text) {
      int colon = text.indexOf(':');
      try {
        return new Cursor(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
      } catch (IndexOutOfBoundsException | NumberFormatException e) {
        throw new IllegalArgumentException("not a cursor of kept texts: " + text, e);
      }
    }

    @Override
    public String toString() {
      return at + ":" + id;
    }
  }

  /**
   * Adds a line unless there is one of that id.
   *
   * @return whether there was none
   */
  static boolean insert(Connection connection, Line line) throws SQLException {
    try (var insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, line.id());
      insert.setLong(2, line.at());
      insert.setString(3, line.source());
      insert.setString(4, line.person());
      insert.setLong(5, line.text().bytes().length);
      insert.setString(6, line.text().keyId());
      insert.setBytes(7, line.text().bytes());
      insert.setString(8, line.id());
      return insert.executeUpdate() > 0;
    }
  }

  /** The note about a request, or null. */
  static @Nullable Sealed note(Connection connection, String request) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT \"key_id\", \"sealed\" FROM \"content_note\" WHERE \"request_id\" = ?")) {
      select.setString(1, request);
      try (var rows = select.executeQuery()) {
        return rows.next() ? new Sealed(rows.getString(1), rows.getBytes(2)) : null;
      }
    }
  }

  /** Writes a note in place of an earlier one; it belongs to whoever made the request. */
  static void putNote(Connection connection, String request, long at, Sealed note)
      throws SQLException {
    try (var delete =
        connection.prepareStatement("DELETE FROM \"content_note\" WHERE \"request_id\" = ?")) {
      delete.setString(1, request);
      delete.executeUpdate();
    }
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO \"content_note\" (\"request_id\", \"created_at\", \"person\","
                + " \"key_id\", \"sealed\") VALUES (?, ?, (SELECT MAX(\"person\") FROM"
                + " \"request\" WHERE \"request_id\" = ?), ?, ?)")) {
      insert.setString(1, request);
      insert.setLong(2, at);
      insert.setString(3, request);
      insert.setString(4, note.keyId());
      insert.setBytes(5, note.bytes());
      insert.executeUpdate();
    }
  }

  /** Lines that match, the latest first. */
  static List<Found> latest(
      Connection connection, ContentFilter filter, @Nullable Cursor before, int limit)
      throws SQLException {
    var values = new ArrayList<Object>();
    var sql = new StringBuilder(SELECT);
    conditions(filter, sql, values);
    if (before != null) {
      sql.append(" AND (c.\"created_at\" < ? OR (c.\"created_at\" = ? AND c.\"id\" < ?))");
      values.addAll(List.of(before.at(), before.at(), before.id()));
    }
    sql.append(" ORDER BY c.\"created_at\" DESC, c.\"id\" DESC FETCH FIRST ? ROWS ONLY");
    values.add(limit);
    try (var select = connection.prepareStatement(sql.toString())) {
      for (int i = 0; i < values.size(); i++) {
        select.setObject(i + 1, values.get(i));
      }
      return read(select);
    }
  }

  private static void conditions(ContentFilter filter, StringBuilder sql, List<Object> values) {
    and(
        sql,
        values,
        "c.\"created_at\" >= ?",
        filter.from() == null ? null : filter.from().toEpochMilli());
    and(
        sql,
        values,
        "c.\"created_at\" < ?",
        filter.to() == null ? null : filter.to().toEpochMilli());
    and(sql, values, "c.\"source\" = ?", filter.source());
    and(sql, values, "r.\"role\" = ?", filter.role());
    and(sql, values, "r.\"model\" = ?", filter.model());
    and(sql, values, "r.\"tier\" = ?", filter.tier());
    and(sql, values, "r.\"rating\" >= ?", filter.ratingMin());
    if (filter.user() != null) {
      sql.append(
          " AND (c.\"person\" = ? OR c.\"person\" IN"
              + " (SELECT \"id\" FROM \"person\" WHERE \"name\" = ?))");
      values.add(filter.user());
      values.add(filter.user());
    }
  }

  private static void and(
      StringBuilder sql, List<Object> values, String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(" AND ").append(condition);
      values.add(value);
    }
  }

  private static List<Found> read(PreparedStatement select) throws SQLException {
    var found = new ArrayList<Found>();
    try (var rows = select.executeQuery()) {
      while (rows.next()) {
        found.add(found(rows));
      }
    }
    return found;
  }

  private static Found found(ResultSet row) throws SQLException {
    var text = new Sealed(row.getString("key_id"), row.getBytes("sealed"));
    var noteKey = row.getString("note_key");
    return new Found(
        new Line(
            row.getString("id"),
            row.getLong("created_at"),
            row.getString("source"),
            row.getString("person"),
            text),
        noteKey == null ? null : new Sealed(noteKey, row.getBytes("note")),
        row.getObject("rating", Integer.class));
  }

  /** Deletes one text and its note; returns how many lines there were. */
  static int delete(Connection connection, String id) throws SQLException {
    return update(connection, "DELETE FROM \"content_note\" WHERE \"request_id\" = ?", id)
        + update(connection, "DELETE FROM \"content\" WHERE \"id\" = ?", id);
  }

  /** Deletes what was kept before that time; returns how many lines there were. */
  static int deleteBefore(Connection connection, long before) throws SQLException {
    return update(connection, "DELETE FROM \"content_note\" WHERE \"created_at\" < ?", before)
        + update(connection, "DELETE FROM \"content\" WHERE \"created_at\" < ?", before);
  }

  /** The time before which everything must go so that at most so many bytes are left; or 0. */
  static long boundOf(Connection connection, long bytesMax) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT MAX(\"created_at\") FROM (SELECT \"created_at\", SUM(\"size\") OVER"
                + " (ORDER BY \"created_at\" DESC, \"id\" DESC) AS \"total\" FROM \"content\")"
                + " AS t WHERE \"total\" > ?")) {
      select.setLong(1, bytesMax);
      try (var rows = select.executeQuery()) {
        return rows.next() && rows.getLong(1) > 0 ? rows.getLong(1) + 1 : 0;
      }
    }
  }

  private static int update(Connection connection, String sql, Object value) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, value);
      return statement.executeUpdate();
    }
  }
}
