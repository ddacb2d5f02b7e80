package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections come from. Thread safe; every method blocks. */
public interface Database {
  /**
   * A connection that commits by itself; the caller closes it soon.
   *
   * @throws SQLException if the database cannot be reached
   */
  Connection connect() throws SQLException;

  /**
   * Writes everything out and closes the database; nothing works afterwards.
   *
   * @throws SQLException if that fails
   */
  void shutDown() throws SQLException;
}
