package org.brokecluster.coordinator.history.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A database without a pool and without a running host: each connection is a new one. */
public final class PlainDatabase implements Database {
  private final String url;
  private final Properties properties;
  private final String place;
  private final @Nullable Path file;

  /**
   * Opens nothing yet.
   *
   * @param properties of the driver, such as user and password
   * @param place where it is, for people, without secrets
   * @param file the database's file, or null if it is a server
   */
  public PlainDatabase(String url, Properties properties, String place, @Nullable Path file) {
    this.url = url;
    this.properties = properties;
    this.place = place;
    this.file = file;
  }

  @Override
  public Connection probe() throws SQLException {
    if (file != null && file.getParent() != null) {
      try {
        Files.createDirectories(file.getParent());
      } catch (IOException e) {
        throw new SQLException("its folder cannot be made: " + e.getMessage(), e);
      }
    }
    return connect();
  }

  @Override
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url, properties);
  }

  @Override
  public void shutDown() throws SQLException {
    if (file == null) {
      return;
    }
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    } catch (SQLException e) {
      if (!SlickH2Database.isClosed(e)) {
        throw e;
      }
    }
  }

  @Override
  public String place() {
    return place;
  }

  @Override
  public long bytes() {
    try {
      return file != null && Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public String advice(SQLException failure) {
    return file == null
        ? SlickPostgresDatabase.adviceFor(failure)
        : SlickH2Database.adviceFor(failure);
  }
}
