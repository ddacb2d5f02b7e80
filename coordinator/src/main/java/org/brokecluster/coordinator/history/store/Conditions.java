package org.brokecluster.coordinator.history.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.protocol.history.HistoryFilter;
import org.jspecify.annotations.Nullable;

/** A {@link HistoryFilter} as the conditions of a query on the table of requests. */
final class Conditions {
  private final StringBuilder sql = new StringBuilder("WHERE 1 = 1");
  private final List<Object> values = new ArrayList<>();

  private Conditions() {}

  static Conditions of(HistoryFilter filter) {
    var conditions = new Conditions();
    conditions.time(">=", filter.from());
    conditions.time("<", filter.to());
    conditions.person(filter.user());
    conditions.equal("role", filter.role());
    conditions.equal("model", filter.model());
    conditions.equal("node", filter.node());
    conditions.equal("state", filter.state());
    conditions.equal("tier", filter.tier());
    conditions.equal("strategy", filter.strategy());
    conditions.and("\"total_ms\" >= ?", filter.slowMs());
    conditions.equal("rescued", filter.rescued());
    return conditions;
  }

  /** Of attempts: those of the attempt itself, and of the requests whose attempts they are. */
  static Conditions ofAttempts(HistoryFilter filter) {
    var requests =
        of(
            new HistoryFilter(
                filter.from(),
                filter.to(),
                filter.user(),
                filter.role(),
                null,
                null,
                filter.state(),
                null,
                null,
                filter.slowMs(),
                filter.rescued()));
    var conditions = new Conditions();
    conditions
        .sql
        .append(" AND \"position\" IN (SELECT \"position\" FROM \"request\" ")
        .append(requests.sql)
        .append(")");
    conditions.values.addAll(requests.values);
    conditions.equal("model", filter.model());
    conditions.equal("node", filter.node());
    conditions.equal("tier", filter.tier());
    conditions.equal("strategy", filter.strategy());
    return conditions;
  }

  /** One more condition with one value; none if the value is null. */
  Conditions and(String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(" AND ").append(condition);
      values.add(value);
    }
    return this;
  }

  /** The clause, beginning with WHERE. */
  String sql() {
    return sql.toString();
  }

  /**
   * Sets the values from the first parameter on.
   *
   * @return index of the next parameter
   */
  int bind(PreparedStatement to) throws SQLException {
    int index = 1;
    for (var value : values) {
      to.setObject(index++, value);
    }
    return index;
  }

  private void equal(String column, @Nullable Object value) {
    and("\"" + column + "\" = ?", value);
  }

  /** By the primary key, which grows with time. */
  private void time(String operator, @Nullable Instant at) {
    and(
        "\"position\" " + operator + " ?",
        at == null ? null : RequestSummary.position(at.toEpochMilli(), 0));
  }

  private void person(@Nullable String user) {
    if (user != null) {
      sql.append(
          " AND (\"person\" = ? OR \"person\" IN"
              + " (SELECT \"id\" FROM \"person\" WHERE \"name\" = ?))");
      values.add(user);
      values.add(user);
    }
  }
}
