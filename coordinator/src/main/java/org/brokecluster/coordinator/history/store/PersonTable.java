package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who is behind an opaque id: the only place where a name stands beside one. Blocks. */
public final class PersonTable {
  private static final int NAME_MAX = 200;

  private static final String OF_PERSON =
      " WHERE \"person\" IN (SELECT \"id\" FROM \"person\" WHERE \"name\" = ?)";

  private static final String DELETE_TEXTS = "DELETE FROM \"content\"" + OF_PERSON;

  /** Notes belong to whoever made the request, whose line may have been written after them. */
  private static final String DELETE_NOTES =
      "DELETE FROM \"content_note\" WHERE \"request_id\" IN (SELECT \"request_id\" FROM \"request\""
          + OF_PERSON
          + " UNION SELECT \"id\" FROM \"content\""
          + OF_PERSON
          + " UNION SELECT \"request_id\" FROM \"content_note\""
          + OF_PERSON
          + ")";

  private PersonTable() {}

  /**
   * One id of one person.
   *
   * @param firstSeen in milliseconds since 1970
   */
  public record Person(String id, String name, long firstSeen) {}

  /** Adds lines; those whose id is there already are left as they are. */
  public static void insert(Connection connection, Collection<Person> people) throws SQLException {
    if (people.isEmpty()) {
      return;
    }
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO \"person\" (\"id\", \"name\", \"first_seen\") SELECT ?, ?, ?"
                + " WHERE NOT EXISTS (SELECT 1 FROM \"person\" WHERE \"id\" = ?)")) {
      for (var person : people) {
        insert.setString(1, person.id());
        insert.setString(2, clean(person.name()));
        insert.setLong(3, person.firstSeen());
        insert.setString(4, person.id());
        insert.executeUpdate();
      }
    }
  }

  /** The latest lines, newest first. */
  public static List<Person> latest(Connection connection, int max) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT \"id\", \"name\", \"first_seen\" FROM \"person\""
                + " ORDER BY \"first_seen\" DESC FETCH FIRST ? ROWS ONLY")) {
      select.setInt(1, max);
      return read(select);
    }
  }

  /** Lines in the order of their ids, beginning after one; empty for the first. */
  static List<Person> after(Connection connection, String id, int max) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT \"id\", \"name\", \"first_seen\" FROM \"person\" WHERE \"id\" > ?"
                + " ORDER BY \"id\" FETCH FIRST ? ROWS ONLY")) {
      select.setString(1, id);
      select.setInt(2, max);
      return read(select);
    }
  }

  /** Names by id, of those ids that stand for somebody. */
  static Map<String, String> names(Connection connection, Collection<String> ids)
      throws SQLException {
    var names = new HashMap<String, String>();
    if (ids.isEmpty()) {
      return names;
    }
    try (var select =
        connection.prepareStatement(
            "SELECT \"id\", \"name\", \"first_seen\" FROM \"person\" WHERE \"id\" = ANY (?)")) {
      select.setArray(1, connection.createArrayOf("VARCHAR", ids.toArray()));
      read(select).forEach(person -> names.put(person.id(), person.name()));
    }
    return names;
  }

  /**
   * What was deleted of a person.
   *
   * @param ids that stand for nobody from now on
   * @param texts prompts and answers, and notes about answers
   */
  public record Deleted(int ids, int texts) {}

  /** Deletes a person's texts and lines, both or neither. */
  public static Deleted delete(Connection connection, String name) throws SQLException {
    int[] gone = new int[2];
    Transaction.run(
        connection,
        () -> {
          gone[1] = delete(connection, DELETE_NOTES, name);
          gone[1] += delete(connection, DELETE_TEXTS, name);
          gone[0] = delete(connection, "DELETE FROM \"person\" WHERE \"name\" = ?", name);
        });
    return new Deleted(gone[0], gone[1]);
  }

  private static int delete(Connection connection, String sql, String name) throws SQLException {
    try (var delete = connection.prepareStatement(sql)) {
      for (int i = 1; i <= delete.getParameterMetaData().getParameterCount(); i++) {
        delete.setString(i, clean(name));
      }
      return delete.executeUpdate();
    }
  }

  private static List<Person> read(PreparedStatement select) throws SQLException {
    var people = new ArrayList<Person>();
    try (var rows = select.executeQuery()) {
      while (rows.next()) {
        people.add(new Person(rows.getString(1), rows.getString(2), rows.getLong(3)));
      }
    }
    return people;
  }

  /** As it can be stored: PostgreSQL takes no zero character. */
  private static String clean(String name) {
    var clean = name.replace('\0', ' ');
    return clean.length() <= NAME_MAX ? clean : clean.substring(0, NAME_MAX);
  }
}
