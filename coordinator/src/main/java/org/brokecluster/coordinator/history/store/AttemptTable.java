package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;

/** The table of attempts: one line each, under the position of its request. Blocks. */
final class AttemptTable {
  private static final List<String> COLUMNS =
      List.of(
          "state",
          "model",
          "node",
          "tier",
          "strategy",
          "failure",
          "begun_at",
          "took_ms",
          "first_token_ms",
          "decode_ms",
          "prompt_tokens",
          "completion_tokens",
          "cost",
          "quality",
          "quality_basis",
          "position",
          "number");
  private static final String ALL = list("\"%s\"");
  private static final String INSERT =
      "INSERT INTO \"attempt\" (" + ALL + ") VALUES (" + "?, ".repeat(COLUMNS.size() - 1) + "?)";
  private static final String UPDATE =
      "UPDATE \"attempt\" SET "
          + list("\"%s\" = ?").replace(", \"position\" = ?, \"number\" = ?", "")
          + " WHERE \"position\" = ? AND \"number\" = ?";

  private AttemptTable() {}

  /** Reads the attempts of these requests into them. */
  static void load(Connection connection, Collection<RequestSummary> requests) throws SQLException {
    if (requests.isEmpty()) {
      return;
    }
    var byPosition = new HashMap<Long, RequestSummary>();
    requests.forEach(request -> byPosition.put(request.position, request));
    try (var select =
        connection.prepareStatement(
            "SELECT " + ALL + " FROM \"attempt\" WHERE \"position\" = ANY (?)")) {
      select.setArray(1, connection.createArrayOf("BIGINT", byPosition.keySet().toArray()));
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          var request = byPosition.get(rows.getLong("position"));
          if (request != null) {
            request.tried.put(rows.getInt("number"), attempt(rows));
          }
        }
      }
    }
  }

  /** Writes what has changed of these requests' attempts; inside the caller's transaction. */
  static void write(Connection connection, Collection<RequestSummary> requests)
      throws SQLException {
    try (var insert = connection.prepareStatement(INSERT);
        var update = connection.prepareStatement(UPDATE)) {
      boolean inserts = false;
      boolean updates = false;
      for (var request : requests) {
        for (var attempt : request.tried.values()) {
          if (attempt.changed) {
            var statement = attempt.inTable ? update : insert;
            set(statement, request.position, attempt);
            statement.addBatch();
            inserts |= !attempt.inTable;
            updates |= attempt.inTable;
          }
        }
      }
      if (inserts) {
        insert.executeBatch();
      }
      if (updates) {
        update.executeBatch();
      }
    }
  }

  /** Notes that what {@link #write} wrote has become lasting. */
  static void written(Collection<RequestSummary> requests) {
    for (var request : requests) {
      for (var attempt : request.tried.values()) {
        attempt.inTable = true;
        attempt.changed = false;
      }
    }
  }

  private static void set(PreparedStatement to, long position, AttemptSummary attempt)
      throws SQLException {
    var values =
        Arrays.asList(
            attempt.state,
            attempt.model,
            attempt.node,
            attempt.tier,
            attempt.strategy,
            attempt.failure,
            attempt.begunAt,
            attempt.tookMs,
            attempt.firstTokenMs,
            attempt.decodeMs,
            attempt.promptTokens,
            attempt.completionTokens,
            attempt.cost,
            attempt.quality,
            attempt.qualityBasis,
            position,
            attempt.number);
    for (int i = 0; i < values.size(); i++) {
      to.setObject(i + 1, values.get(i));
    }
  }

  private static AttemptSummary attempt(ResultSet row) throws SQLException {
    var attempt = new AttemptSummary(row.getInt("number"));
    attempt.inTable = true;
    attempt.state = row.getString("state");
    attempt.model = row.getString("model");
    attempt.node = row.getString("node");
    attempt.tier = row.getString("tier");
    attempt.strategy = row.getString("strategy");
    attempt.failure = row.getString("failure");
    attempt.begunAt = row.getObject("begun_at", Long.class);
    attempt.tookMs = row.getObject("took_ms", Long.class);
    attempt.firstTokenMs = row.getObject("first_token_ms", Long.class);
    attempt.decodeMs = row.getObject("decode_ms", Long.class);
    attempt.promptTokens = row.getLong("prompt_tokens");
    attempt.completionTokens = row.getLong("completion_tokens");
    attempt.cost = row.getObject("cost", Double.class);
    attempt.quality = row.getObject("quality", Double.class);
    attempt.qualityBasis = row.getString("quality_basis");
    return attempt;
  }

  private static String list(String format) {
    return COLUMNS.stream().map(format::formatted).collect(Collectors.joining(", "));
  }
}
