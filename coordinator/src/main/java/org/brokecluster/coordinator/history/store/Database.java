package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections come from. Thread safe; every method blocks. */
public interface Database {
  /**
   * A connection outside the pool, which says at once what is wrong instead of waiting for a better
   * time; the caller closes it soon.
   *
   * @throws SQLException if the database cannot be opened
   */
  Connection probe() throws SQLException;

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

  /** Where it is, for people; holds no secret. */
  String place();

  /**
   * How large it is on disk, 0 if that cannot be said.
   *
   * @throws SQLException if the database cannot be reached
   */
  long bytes() throws SQLException;

  /** What to do about a failure, as the end of a sentence about {@link #place}; may be empty. */
  String advice(SQLException failure);
}
