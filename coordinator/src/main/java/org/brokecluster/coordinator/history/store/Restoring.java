package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.history.backup.BackupLine;
import org.brokecluster.coordinator.history.journal.EventBatchSerializer;

/**
 * Writes the lines of a backup into a database in which there is nothing yet, in one transaction:
 * all of it or none. Blocks; one thread.
 */
public final class Restoring implements AutoCloseable {
  private static final int AT_ONCE = 64;
  private static final String WRITER = "restored";

  private final Connection connection;
  private final PreparedStatement insert;
  private final List<PersonTable.Person> people = new ArrayList<>();
  private int waiting;

  private Restoring(Connection connection, PreparedStatement insert) {
    this.connection = connection;
    this.insert = insert;
  }

  /** There is a history already. */
  public static final class NotEmpty extends SQLException {
    private static final long serialVersionUID = 1L;

    NotEmpty(String message) {
      super(message);
    }
  }

  /**
   * Begins the transaction.
   *
   * @throws NotEmpty if there is a history already
   * @throws SQLException if the database fails
   */
  public static Restoring begin(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    Dialect.of(connection).lockJournal(connection);
    long rows = count(connection, "event_journal");
    long known = count(connection, "person");
    if (SealedTable.TEXTS.count(connection) + SealedTable.NOTES.count(connection) > 0) {
      connection.rollback();
      throw new NotEmpty("keeps prompts and answers already");
    }
    if (rows > 0 || known > 0) {
      connection.rollback();
      throw new NotEmpty("has a history of %d rows and %d people already".formatted(rows, known));
    }
    var insert =
        connection.prepareStatement(
            "INSERT INTO \"event_journal\" (\"deleted\", \"persistence_id\","
                + " \"sequence_number\", \"writer\", \"write_timestamp\", \"adapter_manifest\","
                + " \"event_payload\", \"event_ser_id\", \"event_ser_manifest\")"
                + " VALUES (FALSE, ?, ?, ?, ?, '', ?, ?, ?)");
    return new Restoring(connection, insert);
  }

  /** Takes the next line; headers and ends are nothing to it. */
  public void line(BackupLine line) throws SQLException {
    if (line instanceof BackupLine.Row row) {
      add(row);
    } else if (line instanceof BackupLine.Person person) {
      people.add(new PersonTable.Person(person.id(), person.name(), person.firstSeen()));
      if (people.size() == AT_ONCE) {
        flush();
      }
    } else if (line instanceof BackupLine.Text text) {
      SealedTable.insert(connection, text);
    }
  }

  private void add(BackupLine.Row line) throws SQLException {
    var row = line.row();
    insert.setString(1, row.id().persistenceId());
    insert.setLong(2, row.sequence());
    insert.setString(3, WRITER);
    insert.setLong(4, line.writtenAt());
    insert.setBytes(5, row.payload().bytes());
    insert.setInt(6, EventBatchSerializer.IDENTIFIER);
    insert.setString(7, row.manifest());
    insert.addBatch();
    if (++waiting == AT_ONCE) {
      flush();
    }
  }

  /** Makes it last. */
  public void commit() throws SQLException {
    flush();
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void flush() throws SQLException {
    if (waiting > 0) {
      insert.executeBatch();
      waiting = 0;
    }
    PersonTable.insert(connection, people);
    people.clear();
  }

  /** Takes back what was not committed. */
  @Override
  public void close() throws SQLException {
    insert.close();
    if (!connection.getAutoCommit()) {
      connection.rollback();
    }
  }

  private static long count(Connection connection, String table) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM \"%s\"".formatted(table))) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }
}
