package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.SQLException;

/** What is written together or not at all. */
public final class Transaction {
  private Transaction() {}

  /** Statements on one connection. */
  @FunctionalInterface
  public interface Work {
    /**
     * Executes them.
     *
     * @throws SQLException if one of them fails
     */
    void run() throws SQLException;
  }

  /**
   * Does the work and commits it; takes all of it back if it fails. Blocks.
   *
   * @throws SQLException if a statement fails
   */
  public static void run(Connection connection, Work work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      work.run();
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }
}
