package org.brokecluster.coordinator.history.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.history.journal.EventBatch;
import org.brokecluster.coordinator.history.journal.EventBatchJson;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.brokecluster.coordinator.history.journal.StoredRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tables of requests and attempts in step with the journal, each row exactly once: the
 * lines and the progress are written in one transaction. What it was not told of it reads from the
 * journal. One thread at a time; blocks.
 */
public final class Projector {
  private static final Logger LOG = LoggerFactory.getLogger(Projector.class);
  private static final int ROWS_AT_ONCE = 64;
  private static final int TRIES = 5;

  private final Database database;
  private final int recentMax;
  private boolean loaded;
  private long revision = -1;
  private final Map<HistoryId, Long> progress = new HashMap<>();
  private final LinkedHashMap<String, RequestSummary> recent =
      new LinkedHashMap<>(256, 0.75f, true);

  /**
   * Starts from what the table says.
   *
   * @param recentMax requests kept in memory, at least 1; others are read when needed
   */
  public Projector(Database database, int recentMax) {
    this.database = database;
    this.recentMax = recentMax;
  }

  /**
   * Takes in every row of the journal that has not been taken in.
   *
   * @throws SQLException if the database fails; it can be called again
   */
  public void catchUp() throws SQLException {
    for (int i = 1; i <= TRIES; i++) {
      try {
        readAll();
        return;
      } catch (OthersWrote e) {
        LOG.debug("another coordinator writes requests as well: try={}", i);
      }
    }
    throw new SQLException("other coordinators keep writing the table of requests");
  }

  private void readAll() throws SQLException {
    try (var connection = database.connect()) {
      if (!loaded) {
        reload(connection);
      }
      for (var extent : JournalReader.extents(connection)) {
        readUpTo(connection, extent.id(), extent.last());
      }
    }
  }

  /**
   * Takes in rows that have just been stored; rows known already are passed over.
   *
   * @throws SQLException if the database fails; then call {@link #catchUp}
   */
  public void project(List<StoredRow> rows) throws SQLException {
    try {
      takeIn(rows);
    } catch (OthersWrote e) {
      catchUp();
    }
  }

  private void takeIn(List<StoredRow> rows) throws SQLException {
    try (var connection = database.connect()) {
      if (!loaded) {
        reload(connection);
      }
      int start = 0;
      while (start < rows.size()) {
        var row = rows.get(start);
        int end = start + 1;
        if (row.sequence() > done(row.id())) {
          readUpTo(connection, row.id(), row.sequence() - 1);
          end = endOfRun(rows, start);
          write(connection, rows.subList(start, end));
        }
        start = end;
      }
    }
  }

  private static int endOfRun(List<StoredRow> rows, int start) {
    int end = start + 1;
    while (end < rows.size()
        && end - start < ROWS_AT_ONCE
        && rows.get(end).id().equals(rows.get(start).id())
        && rows.get(end).sequence() == rows.get(end - 1).sequence() + 1) {
      end++;
    }
    return end;
  }

  /** How far the table has come under each persistence id. */
  public static Map<HistoryId, Long> progress(Connection connection) throws SQLException {
    var found = new HashMap<HistoryId, Long>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT \"persistence_id\", \"sequence_number\" FROM \"projection\"")) {
      while (rows.next()) {
        long sequence = rows.getLong(2);
        HistoryId.parse(rows.getString(1)).ifPresent(id -> found.put(id, sequence));
      }
    }
    return found;
  }

  private long done(HistoryId id) {
    return progress.getOrDefault(id, 0L);
  }

  private void reload(Connection connection) throws SQLException {
    recent.clear();
    progress.clear();
    revision = revision(connection);
    progress.putAll(progress(connection));
    loaded = true;
  }

  private void readUpTo(Connection connection, HistoryId id, long last) throws SQLException {
    var rows = new ArrayList<StoredRow>();
    JournalReader.read(
        connection,
        id,
        done(id) + 1,
        last,
        raw -> {
          rows.add(new StoredRow(id, raw.sequence(), decoded(raw)));
          if (rows.size() == ROWS_AT_ONCE) {
            write(connection, rows);
            rows.clear();
          }
          return true;
        });
    write(connection, rows);
  }

  private static EventBatch decoded(RawRow raw) {
    try {
      return EventBatchJson.decode(raw.manifest(), raw.payload().bytes());
    } catch (IOException e) {
      LOG.warn(
          "a row of the history cannot be read, its requests are not listed: id={} row={}: {}",
          raw.id(),
          raw.sequence(),
          e.getMessage());
      return new EventBatch(1, List.of(), null, null, null);
    }
  }

  private void write(Connection connection, List<StoredRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    var last = rows.get(rows.size() - 1);
    connection.setAutoCommit(false);
    try {
      if (othersWrote(connection)) {
        throw new OthersWrote();
      }
      if (progress.isEmpty()) {
        clear(connection);
      }
      fetch(connection, rows);
      var changed = new LinkedHashSet<RequestSummary>();
      rows.forEach(row -> fold(row, changed));
      RequestTable.write(connection, changed);
      AttemptTable.write(connection, changed);
      writeProgress(connection, last);
      connection.commit();
      changed.forEach(summary -> summary.inTable = true);
      AttemptTable.written(changed);
      progress.put(last.id(), last.sequence());
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      loaded = false;
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
    forgetOldest();
  }

  /** Nothing has been taken in yet: what lines there are come from another time. */
  private static void clear(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM \"attempt\"");
      statement.executeUpdate("DELETE FROM \"request\"");
    }
  }

  /**
   * Takes the next revision, which also keeps other coordinators on the same server waiting until
   * this transaction ends; true if one of them has taken any since the last time.
   */
  private boolean othersWrote(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE \"projection_revision\" SET \"revision\" = \"revision\" + 1");
      long taken = revision(connection);
      boolean others = revision != taken - 1;
      revision = others ? -1 : taken;
      return others;
    }
  }

  private static long revision(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT \"revision\" FROM \"projection_revision\"")) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** Reads the lines of requests that these rows speak of and that are not in memory. */
  private void fetch(Connection connection, List<StoredRow> rows) throws SQLException {
    var unknown = new LinkedHashSet<String>();
    for (var row : rows) {
      for (var encoded : row.batch().events()) {
        var request = encoded.event().concerns();
        if (request != null && !recent.containsKey(request.value())) {
          unknown.add(request.value());
        }
      }
    }
    if (!unknown.isEmpty()) {
      var found = RequestTable.find(connection, unknown);
      AttemptTable.load(connection, found);
      found.forEach(summary -> recent.put(summary.request, summary));
    }
  }

  private void fold(StoredRow row, Set<RequestSummary> changed) {
    long next = row.batch().firstNumber();
    for (var encoded : row.batch().events()) {
      long number = next++;
      var event = encoded.event();
      var request = event.concerns();
      if (request == null) {
        continue;
      }
      var summary =
          recent.computeIfAbsent(
              request.value(), id -> RequestSummary.first(id, event.at().toEpochMilli(), number));
      event.accept(new SummaryFold(summary));
      summary.term = row.id().term();
      summary.coordinator = row.id().coordinator().value();
      summary.storedIn = summary.storedIn.with(row.id(), row.sequence());
      changed.add(summary);
    }
  }

  private static void writeProgress(Connection connection, StoredRow last) throws SQLException {
    try (var update =
        connection.prepareStatement(
            "UPDATE \"projection\" SET \"sequence_number\" = ?, \"last_number\" = ?"
                + " WHERE \"persistence_id\" = ?")) {
      setProgress(update, last);
      if (update.executeUpdate() > 0) {
        return;
      }
    }
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO \"projection\" (\"sequence_number\", \"last_number\","
                + " \"persistence_id\") VALUES (?, ?, ?)")) {
      setProgress(insert, last);
      insert.executeUpdate();
    }
  }

  private static void setProgress(PreparedStatement to, StoredRow last) throws SQLException {
    to.setLong(1, last.sequence());
    to.setLong(2, last.batch().lastNumber());
    to.setString(3, last.id().persistenceId());
  }

  private void forgetOldest() {
    var oldest = recent.keySet().iterator();
    for (int surplus = recent.size() - recentMax; surplus > 0; surplus--) {
      oldest.next();
      oldest.remove();
    }
  }

  /** What this projector has in memory is not what the table says any more. */
  private static final class OthersWrote extends SQLException {
    private static final long serialVersionUID = 1L;
  }
}
