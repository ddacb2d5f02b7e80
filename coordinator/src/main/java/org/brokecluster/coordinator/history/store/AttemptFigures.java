package org.brokecluster.coordinator.history.store;

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
 * Figures over the attempts of many requests: what each model and machine was given, and how that
 * ended, also where another attempt gave the answer. Of a figure that nobody knows there is none.
 * Blocks.
 */
final class AttemptFigures {
  private static final Map<String, String> GROUPS =
      Map.of(
          "model", "model",
          "node", "node",
          "tier", "tier",
          "strategy", "strategy",
          "state", "state",
          "failure", "failure");
  private static final List<String> STATES =
      List.of("completed", "failed", "cancelled", "handed-over");
  private static final Map<String, String> TIMES = times();
  private static final String COLUMNS = columns();

  private AttemptFigures() {}

  /** What attempts can be grouped by. */
  static Set<String> groups() {
    return new TreeSet<>(GROUPS.keySet());
  }

  /**
   * The document {@code {"by":…,"of":"attempts","total":{…},"groups":[{…}]}}.
   *
   * @param filter model, node, tier and strategy are those of the attempt; all else is the
   *     request's
   * @throws IllegalArgumentException if nothing can be grouped by that
   */
  static ObjectNode of(Connection connection, HistoryFilter filter, String by) throws SQLException {
    var column = GROUPS.get(by);
    if (column == null) {
      throw new IllegalArgumentException(
          "by must be one of " + String.join(", ", groups()) + " for attempts, is " + by);
    }
    var conditions = Conditions.ofAttempts(filter);
    var document = JsonNodeFactory.instance.objectNode();
    document.put("by", by).put("of", "attempts");
    var from = COLUMNS + " FROM \"attempt\" " + conditions.sql();
    Aggregates.addGroups(
        connection, document, column, from, conditions, "attempts", AttemptFigures::group);
    return document;
  }

  private static ObjectNode group(ResultSet row, long all) throws SQLException {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("name", row.getString("name"));
    long attempts = row.getLong("attempts");
    json.put("attempts", attempts);
    if (all > 0) {
      json.put("share", Aggregates.rounded((double) attempts / all));
    }
    for (var state : STATES) {
      json.put(name(state), row.getLong(state));
    }
    json.put("promptTokens", row.getLong("prompt_tokens"));
    json.put("completionTokens", row.getLong("completion_tokens"));
    Aggregates.number(json, "tokensPerSecond", row, "tokens_per_second");
    Aggregates.number(json, "cost", row, "cost");
    for (var time : TIMES.keySet()) {
      json.set(time, Aggregates.quantiles(row, time));
    }
    return json;
  }

  private static String name(String state) {
    return state.equals("handed-over") ? "handedOver" : state;
  }

  private static Map<String, String> times() {
    var times = new LinkedHashMap<String, String>();
    times.put("tookMs", "\"took_ms\"");
    times.put("tokenMs", Aggregates.TOKEN_MS);
    return times;
  }

  private static String columns() {
    var sql = new StringBuilder("COUNT(*) AS \"attempts\"");
    for (var state : STATES) {
      sql.append(
          ", COUNT(CASE WHEN \"state\" = '%s' THEN 1 END) AS \"%s\"".formatted(state, state));
    }
    sql.append(", SUM(\"prompt_tokens\") AS \"prompt_tokens\"")
        .append(", SUM(\"completion_tokens\") AS \"completion_tokens\"")
        .append(", SUM(CASE WHEN \"decode_ms\" > 0 THEN \"completion_tokens\" END) * 1000.0")
        .append(" / NULLIF(SUM(\"decode_ms\"), 0) AS \"tokens_per_second\"")
        .append(", SUM(\"cost\") AS \"cost\"");
    TIMES.forEach((name, value) -> sql.append(Aggregates.quantiles(name, value)));
    return sql.toString();
  }
}
