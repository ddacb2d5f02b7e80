package org.brokecluster.coordinator.history.content;

import java.sql.SQLException;
import org.brokecluster.coordinator.history.store.Database;

/** The opaque ids that stand for people in the history. Thread safe. */
public interface PersonIds {
  /**
   * The id of a person, a new one if the name is not known.
   *
   * @param at when, in milliseconds since 1970
   */
  String idOf(String name, long at);

  /**
   * Writes down who the new ids stand for; blocks.
   *
   * @throws SQLException if the database fails
   */
  void store(Database database) throws SQLException;
}
