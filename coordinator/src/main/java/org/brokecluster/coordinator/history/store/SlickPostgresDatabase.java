package org.brokecluster.coordinator.history.store;

import akka.actor.typed.ActorSystem;
import java.sql.Connection;
import java.sql.SQLException;

/** A PostgreSQL server behind the connection pool that the journal uses too. */
public final class SlickPostgresDatabase implements Database {
  private final SlickPool pool;
  private final String place;

  /**
   * The pool of this system, made on first use.
   *
   * @param place where it is, for people, without secrets
   */
  public SlickPostgresDatabase(ActorSystem<?> system, String place) {
    this.pool = new SlickPool(system);
    this.place = place;
  }

  @Override
  public Connection probe() throws SQLException {
    return pool.outside();
  }

  @Override
  public Connection connect() throws SQLException {
    return pool.connect();
  }

  @Override
  public void shutDown() {
    pool.close();
  }

  @Override
  public String place() {
    return place;
  }

  @Override
  public long bytes() throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT pg_database_size(current_database())")) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  @Override
  public String advice(SQLException failure) {
    return adviceFor(failure);
  }

  /** By the classes of SQL states: 08 no connection, 28 no entrance, 3D no such database. */
  static String adviceFor(SQLException failure) {
    var state = String.valueOf(failure.getSQLState());
    if (state.startsWith("08") || state.startsWith("57P")) {
      return "does not answer: is the server running, and broke.history.database.url right?";
    }
    if (state.startsWith("28")) {
      return "does not let us in: see broke.history.database.user and .password";
    }
    return state.startsWith("3D")
        ? "does not exist: make it with CREATE DATABASE, the tables come by themselves"
        : "";
  }
}
