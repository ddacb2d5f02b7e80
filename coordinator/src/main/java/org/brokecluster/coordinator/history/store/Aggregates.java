package org.brokecluster.coordinator.history.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.brokecluster.protocol.history.HistoryFilter;

/**
 * Figures over many requests, computed by the database: counts, shares, tokens a second, quantiles
 * of the times, how far the predictions were off, and how often people were content by predicted
 * risk. Of a figure that nobody knows there is none. Blocks.
 */
final class Aggregates {
  private static final Map<String, String> GROUPS =
      Map.of(
          "model", "model",
          "node", "node",
          "tier", "tier",
          "user", "person",
          "role", "role",
          "strategy", "strategy",
          "state", "state");

  private static final int GROUPS_MAX = 200;
  private static final double[] QUANTILES = {0.5, 0.95, 0.99};

  /** Milliseconds for each token after the first. */
  static final String TOKEN_MS =
      "CASE WHEN \"completion_tokens\" > 1"
          + " THEN CAST(\"decode_ms\" AS DOUBLE PRECISION) / (\"completion_tokens\" - 1) END";

  /** Rating from which on somebody was content. */
  private static final int CONTENT = 4;

  private static final Map<String, String> TIMES = times();
  private static final String COLUMNS = columns();

  private Aggregates() {}

  /** What requests can be grouped by. */
  static Set<String> groups() {
    return new TreeSet<>(GROUPS.keySet());
  }

  /**
   * The document {@code {"by":…,"total":{…},"groups":[{…}],"calibration":[{…}]}}.
   *
   * @throws IllegalArgumentException if nothing can be grouped by that
   */
  static ObjectNode of(Connection connection, HistoryFilter filter, String by) throws SQLException {
    var column = GROUPS.get(by);
    if (column == null) {
      throw new IllegalArgumentException(
          "by must be one of " + String.join(", ", groups()) + ", is " + by);
    }
    var conditions = Conditions.of(filter);
    var document = JsonNodeFactory.instance.objectNode();
    document.put("by", by);
    var from = COLUMNS + " FROM \"request\" " + conditions.sql();
    var groups =
        addGroups(connection, document, column, from, conditions, "requests", Aggregates::group);
    calibration(connection, conditions, document.putArray("calibration"));
    if (by.equals("user")) {
      nameGroups(connection, groups);
    }
    return document;
  }

  /** How a row of figures becomes JSON. */
  @FunctionalInterface
  interface Figures {
    /**
     * One row.
     *
     * @param all how many there are in all groups; 0 for the row of all
     */
    ObjectNode of(ResultSet row, long all) throws SQLException;
  }

  /**
   * Adds {@code total} and {@code groups} to a document; answers the groups.
   *
   * @param from columns of figures, table and conditions
   * @param counted the figure that counts
   */
  static ArrayNode addGroups(
      Connection connection,
      ObjectNode document,
      String column,
      String from,
      Conditions conditions,
      String counted,
      Figures figures)
      throws SQLException {
    query(
        connection,
        "SELECT NULL AS \"name\", " + from,
        conditions,
        row -> document.set("total", figures.of(row, 0)));
    long all = document.path("total").path(counted).asLong();
    var groups = document.putArray("groups");
    query(
        connection,
        "SELECT \"%s\" AS \"name\", ".formatted(column)
            + from
            + " GROUP BY \"%s\" ORDER BY 2 DESC FETCH FIRST %d ROWS ONLY"
                .formatted(column, GROUPS_MAX),
        conditions,
        row -> groups.add(figures.of(row, all)));
    return groups;
  }

  private static void nameGroups(Connection connection, ArrayNode groups) throws SQLException {
    var ids = new TreeSet<String>();
    groups.forEach(group -> ids.add(group.path("name").asText()));
    var names = PersonTable.names(connection, ids);
    for (var group : groups) {
      var name = names.get(group.path("name").asText());
      if (name != null) {
        ((ObjectNode) group).put("name", name);
      }
    }
  }

  /** Of rated answers: how many were good, in five ranges of the risk that was predicted. */
  private static void calibration(Connection connection, Conditions conditions, ArrayNode into)
      throws SQLException {
    query(
        connection,
        "SELECT CAST(FLOOR(LEAST(\"quality\", 0.999) * 5) AS INTEGER) AS \"range\","
            + " COUNT(*) AS \"rated\", AVG(\"quality\") AS \"predicted\","
            + " AVG(CASE WHEN \"rating\" >= %d THEN 0.0 ELSE 1.0 END) AS \"bad\"".formatted(CONTENT)
            + " FROM \"request\" "
            + conditions.sql()
            + " AND \"rating\" IS NOT NULL AND \"quality\" IS NOT NULL"
            + " GROUP BY CAST(FLOOR(LEAST(\"quality\", 0.999) * 5) AS INTEGER) ORDER BY 1",
        conditions,
        row -> {
          var range = into.addObject();
          range.put("from", row.getInt("range") / 5.0);
          range.put("to", (row.getInt("range") + 1) / 5.0);
          range.put("rated", row.getLong("rated"));
          range.put("predictedRisk", rounded(row.getDouble("predicted")));
          range.put("observedRisk", rounded(row.getDouble("bad")));
        });
  }

  /** Takes a row. */
  interface Row {
    /** Reads it. */
    void read(ResultSet row) throws SQLException;
  }

  static void query(Connection connection, String sql, Conditions conditions, Row each)
      throws SQLException {
    try (var select = connection.prepareStatement(sql)) {
      conditions.bind(select);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          each.read(rows);
        }
      }
    }
  }

  private static ObjectNode group(ResultSet row, long all) throws SQLException {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("name", row.getString("name"));
    long requests = row.getLong("requests");
    json.put("requests", requests);
    if (all > 0) {
      json.put("share", rounded((double) requests / all));
    }
    for (var count : List.of("completed", "failed", "rescued")) {
      json.put(count, row.getLong(count));
    }
    json.put("promptTokens", row.getLong("prompt_tokens"));
    json.put("completionTokens", row.getLong("completion_tokens"));
    number(json, "tokensPerSecond", row, "tokens_per_second");
    number(json, "rating", row, "rating");
    for (var time : TIMES.keySet()) {
      json.set(time, quantiles(row, time));
    }
    number(json, "firstTokenBiasMs", row, "first_bias");
    number(json, "totalBiasMs", row, "total_bias");
    return json;
  }

  /** Quantiles that {@link #quantiles(String, String)} asked for. */
  static ObjectNode quantiles(ResultSet row, String name) throws SQLException {
    var quantiles = JsonNodeFactory.instance.objectNode();
    for (double quantile : QUANTILES) {
      number(quantiles, label(quantile), row, name + label(quantile));
    }
    return quantiles;
  }

  /** Columns with the quantiles of a value, each after a comma. */
  static String quantiles(String name, String value) {
    var sql = new StringBuilder();
    for (double quantile : QUANTILES) {
      sql.append(
          ", PERCENTILE_CONT(%s) WITHIN GROUP (ORDER BY %s) AS \"%s\""
              .formatted(quantile, value, name + label(quantile)));
    }
    return sql.toString();
  }

  static void number(ObjectNode json, String name, ResultSet row, String column)
      throws SQLException {
    double value = row.getDouble(column);
    if (row.wasNull()) {
      json.putNull(name);
    } else {
      json.put(name, rounded(value));
    }
  }

  static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private static String label(double quantile) {
    return "p" + Math.round(quantile * 100);
  }

  private static Map<String, String> times() {
    var times = new LinkedHashMap<String, String>();
    times.put("firstTokenMs", "\"first_token_ms\"");
    times.put("tokenMs", TOKEN_MS);
    times.put("totalMs", "\"total_ms\"");
    times.put("queuedMs", "\"queued_ms\"");
    times.put("firstTokenErrorMs", "ABS(\"first_token_ms\" - \"predicted_first_ms\")");
    times.put("totalErrorMs", "ABS(\"total_ms\" - \"predicted_total_ms\")");
    return times;
  }

  private static String columns() {
    var sql = new StringBuilder();
    sql.append("COUNT(*) AS \"requests\"");
    for (var state : List.of("completed", "failed")) {
      sql.append(
          ", COUNT(CASE WHEN \"state\" = '%s' THEN 1 END) AS \"%s\"".formatted(state, state));
    }
    sql.append(", COUNT(CASE WHEN \"rescued\" THEN 1 END) AS \"rescued\"")
        .append(", SUM(\"prompt_tokens\") AS \"prompt_tokens\"")
        .append(", SUM(\"completion_tokens\") AS \"completion_tokens\"")
        .append(", SUM(CASE WHEN \"decode_ms\" > 0 THEN \"completion_tokens\" END) * 1000.0")
        .append(" / NULLIF(SUM(\"decode_ms\"), 0) AS \"tokens_per_second\"")
        .append(", AVG(CAST(\"rating\" AS DOUBLE PRECISION)) AS \"rating\"")
        .append(", AVG(CAST(\"first_token_ms\" - \"predicted_first_ms\" AS DOUBLE PRECISION))")
        .append(" AS \"first_bias\"")
        .append(", AVG(CAST(\"total_ms\" - \"predicted_total_ms\" AS DOUBLE PRECISION))")
        .append(" AS \"total_bias\"");
    TIMES.forEach((name, value) -> sql.append(quantiles(name, value)));
    return sql.toString();
  }
}
