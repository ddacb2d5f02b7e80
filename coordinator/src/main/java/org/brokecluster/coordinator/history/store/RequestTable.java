package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.id.RequestId;

/** The table of requests: one line each, in standard SQL. Blocks. */
final class RequestTable {
  private static final List<String> COLUMNS =
      List.of(
          "request_id",
          "received_at",
          "state",
          "asked",
          "api",
          "streamed",
          "traffic_class",
          "person",
          "role",
          "action",
          "model",
          "node",
          "tier",
          "strategy",
          "quality",
          "quality_basis",
          "complexity",
          "attempts",
          "rescued",
          "prompt_tokens",
          "completion_tokens",
          "cached_tokens",
          "queued_ms",
          "first_token_ms",
          "total_ms",
          "decode_ms",
          "predicted_first_ms",
          "predicted_total_ms",
          "finish_reason",
          "failure",
          "error",
          "rating",
          "term",
          "coordinator",
          "stored_in",
          "position");
  private static final String ALL = list("\"%s\"", ", ");
  private static final String SELECT = "SELECT " + ALL + " FROM \"request\" ";
  private static final String INSERT =
      "INSERT INTO \"request\" (" + ALL + ") VALUES (" + "?, ".repeat(COLUMNS.size() - 1) + "?)";
  private static final String UPDATE =
      "UPDATE \"request\" SET "
          + list("\"%s\" = ?", ", ").replace(", \"position\" = ?", "")
          + " WHERE \"position\" = ?";

  private RequestTable() {}

  /** The line of one request, or nothing. */
  static Optional<RequestSummary> find(Connection connection, RequestId request)
      throws SQLException {
    return find(connection, List.of(request.value())).stream().findFirst();
  }

  /** The lines of those requests that have one. */
  static List<RequestSummary> find(Connection connection, Collection<String> requests)
      throws SQLException {
    try (var select = connection.prepareStatement(SELECT + "WHERE \"request_id\" = ANY (?)")) {
      select.setArray(1, connection.createArrayOf("VARCHAR", requests.toArray()));
      return read(select);
    }
  }

  /**
   * The latest requests, newest first.
   *
   * @param before only what has a lower position
   */
  static List<RequestSummary> latest(
      Connection connection, HistoryFilter filter, int limit, long before) throws SQLException {
    var conditions = Conditions.of(filter).and("\"position\" < ?", before);
    try (var select =
        connection.prepareStatement(
            SELECT + conditions.sql() + " ORDER BY \"position\" DESC FETCH FIRST ? ROWS ONLY")) {
      select.setInt(conditions.bind(select), limit);
      return read(select);
    }
  }

  /** Writes these lines; runs inside the caller's transaction. */
  static void write(Connection connection, Collection<RequestSummary> summaries)
      throws SQLException {
    try (var insert = connection.prepareStatement(INSERT);
        var update = connection.prepareStatement(UPDATE)) {
      boolean inserts = false;
      boolean updates = false;
      for (var summary : summaries) {
        var statement = summary.inTable ? update : insert;
        set(statement, summary);
        statement.addBatch();
        inserts |= !summary.inTable;
        updates |= summary.inTable;
      }
      if (inserts) {
        insert.executeBatch();
      }
      if (updates) {
        update.executeBatch();
      }
    }
  }

  private static void set(PreparedStatement to, RequestSummary summary) throws SQLException {
    var values =
        Arrays.asList(
            summary.request,
            summary.receivedAt,
            summary.state,
            summary.asked,
            summary.api,
            summary.streamed,
            summary.trafficClass,
            summary.person,
            summary.role,
            summary.action,
            summary.model,
            summary.node,
            summary.tier,
            summary.strategy,
            summary.quality,
            summary.qualityBasis,
            summary.complexity,
            summary.attempts,
            summary.rescued,
            summary.promptTokens,
            summary.completionTokens,
            summary.cachedTokens,
            summary.queuedMs,
            summary.firstTokenMs,
            summary.totalMs,
            summary.decodeMs,
            summary.predictedFirstMs,
            summary.predictedTotalMs,
            summary.finishReason,
            summary.failure,
            summary.error,
            summary.rating,
            summary.term,
            summary.coordinator,
            summary.storedIn.text(),
            summary.position);
    for (int i = 0; i < values.size(); i++) {
      to.setObject(i + 1, values.get(i));
    }
  }

  private static List<RequestSummary> read(PreparedStatement select) throws SQLException {
    var found = new ArrayList<RequestSummary>();
    try (var rows = select.executeQuery()) {
      while (rows.next()) {
        found.add(summary(rows));
      }
    }
    return found;
  }

  private static RequestSummary summary(ResultSet row) throws SQLException {
    var summary =
        new RequestSummary(
            row.getLong("position"), row.getString("request_id"), row.getLong("received_at"));
    summary.inTable = true;
    summary.state = row.getString("state");
    summary.asked = row.getString("asked");
    summary.api = row.getString("api");
    summary.streamed = row.getBoolean("streamed");
    summary.trafficClass = row.getString("traffic_class");
    summary.person = row.getString("person");
    summary.role = row.getString("role");
    summary.action = row.getString("action");
    summary.model = row.getString("model");
    summary.node = row.getString("node");
    summary.tier = row.getString("tier");
    summary.strategy = row.getString("strategy");
    summary.quality = row.getObject("quality", Double.class);
    summary.qualityBasis = row.getString("quality_basis");
    summary.complexity = row.getObject("complexity", Double.class);
    summary.attempts = row.getInt("attempts");
    summary.rescued = row.getBoolean("rescued");
    summary.promptTokens = row.getLong("prompt_tokens");
    summary.completionTokens = row.getLong("completion_tokens");
    summary.cachedTokens = row.getLong("cached_tokens");
    summary.queuedMs = row.getObject("queued_ms", Long.class);
    summary.firstTokenMs = row.getObject("first_token_ms", Long.class);
    summary.totalMs = row.getObject("total_ms", Long.class);
    summary.decodeMs = row.getObject("decode_ms", Long.class);
    summary.predictedFirstMs = row.getObject("predicted_first_ms", Long.class);
    summary.predictedTotalMs = row.getObject("predicted_total_ms", Long.class);
    summary.finishReason = row.getString("finish_reason");
    summary.failure = row.getString("failure");
    summary.error = row.getString("error");
    summary.rating = row.getObject("rating", Integer.class);
    summary.term = row.getLong("term");
    summary.coordinator = row.getString("coordinator");
    summary.storedIn = new StoredIn(row.getString("stored_in"));
    return summary;
  }

  private static String list(String format, String separator) {
    return COLUMNS.stream().map(format::formatted).collect(Collectors.joining(separator));
  }
}
