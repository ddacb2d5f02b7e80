package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

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

  /**
   * Lets the space of what was written over be used again, where the database does not see to that
   * itself; short, and to be called every now and then.
   *
   * @throws SQLException if the database cannot be reached
   */
  default void tidy() throws SQLException {}

  /** What to do about a failure, as the end of a sentence about {@link #place}; may be empty. */
  String advice(SQLException failure);

  /** Why something failed here, in one line for people: with advice if there is any. */
  default String reason(Throwable failure) {
    Throwable deepest = failure;
    for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
      var advice = each instanceof SQLException sql ? advice(sql) : "";
      if (!advice.isEmpty()) {
        return "the history database %s %s".formatted(place(), advice);
      }
      deepest = each;
    }
    var said = String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
    return "the history database %s cannot be used: %.200s".formatted(place(), said);
  }
}
