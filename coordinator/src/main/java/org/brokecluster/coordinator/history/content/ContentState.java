package org.brokecluster.coordinator.history.content;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** How much is kept, as JSON. Blocks. */
final class ContentState {
  private ContentState() {}

  static ObjectNode of(Connection connection, ContentSettings settings, ContentKeys keys)
      throws SQLException {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("on", settings.store());
    json.put("days", settings.days());
    json.put("bytesMax", settings.bytes());
    json.put("ownPatterns", settings.redact().size());
    totals(connection, json);
    json.put("notes", count(connection, "SELECT COUNT(*) FROM \"content_note\""));
    json.put(
        "rated",
        count(
            connection,
            "SELECT COUNT(*) FROM \"content\" c JOIN \"request\" r ON r.\"request_id\" = c.\"id\""
                + " WHERE r.\"rating\" IS NOT NULL"));
    groups(connection, "source", json.putObject("sources"));
    var byKey = JsonNodeFactory.instance.objectNode();
    groups(connection, "key_id", byKey);
    var unreadable = 0L;
    for (var key : byKey.properties()) {
      unreadable += known(keys, key.getKey()) ? 0 : key.getValue().asLong();
    }
    json.put("unreadable", unreadable);
    return json;
  }

  private static void totals(Connection connection, ObjectNode json) throws SQLException {
    try (var select =
            connection.prepareStatement(
                "SELECT COUNT(*), SUM(\"size\"), MIN(\"created_at\"), MAX(\"created_at\")"
                    + " FROM \"content\"");
        var row = select.executeQuery()) {
      if (row.next()) {
        long texts = row.getLong(1);
        json.put("texts", texts);
        json.put("bytes", row.getLong(2));
        if (texts > 0) {
          json.put("oldest", Instant.ofEpochMilli(row.getLong(3)).toString());
          json.put("newest", Instant.ofEpochMilli(row.getLong(4)).toString());
        }
      }
    }
  }

  private static void groups(Connection connection, String column, ObjectNode json)
      throws SQLException {
    try (var select =
            connection.prepareStatement(
                "SELECT \"%1$s\", COUNT(*) FROM \"content\" GROUP BY \"%1$s\" ORDER BY \"%1$s\""
                    .formatted(column));
        var rows = select.executeQuery()) {
      while (rows.next()) {
        json.put(rows.getString(1), rows.getLong(2));
      }
    }
  }

  private static long count(Connection connection, String sql) throws SQLException {
    try (var select = connection.prepareStatement(sql);
        var row = select.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static boolean known(ContentKeys keys, String id) {
    try {
      return keys.find(id).isPresent();
    } catch (IOException e) {
      return false;
    }
  }
}
