package org.brokecluster.coordinator.history;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * A database for one test.
 *
 * @param dataDir the host's folder
 * @param settings of {@code broke.history.database}; empty for a file
 */
public record HistoryPlace(Path dataDir, Map<String, Object> settings) {

  public static HistoryPlace file(Path dataDir) {
    return new HistoryPlace(dataDir, Map.of());
  }

  public static HistoryPlace server(Path dataDir) {
    return new HistoryPlace(dataDir, PostgresServer.shared().freshDatabase());
  }

  /** A history in it, with these settings besides. */
  public HistoryKit open(Map<String, Object> overrides) {
    var all = new HashMap<>(settings);
    all.putAll(overrides);
    return HistoryKit.open(dataDir, all);
  }

  public Connection connect() throws SQLException {
    return settings.isEmpty()
        ? DriverManager.getConnection("jdbc:h2:file:" + HistorySettings.file(dataDir))
        : DriverManager.getConnection(
            settings.get("broke.history.database.url").toString(),
            settings.get("broke.history.database.user").toString(),
            settings.get("broke.history.database.password").toString());
  }

  /** Runs SQL on a history that nobody has open. */
  public int sql(String sql) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }
}
