package org.brokecluster.coordinator.history.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.history.journal.EventBatch;
import org.brokecluster.coordinator.history.journal.EventBatchJson;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.RawRow;

/**
 * Reads rows of the journal by plain JDBC: unlike a read journal it can hand over a row that is
 * garbled, and reading by ranges of the key costs the same for every row (H2 sorts all remaining
 * rows for each batch of an open-ended query). Blocks.
 */
public final class JournalReader {
  private static final int RANGE = 32;

  private JournalReader() {}

  /**
   * What lies under one persistence id.
   *
   * @param last highest sequence number
   * @param rows how many rows there are
   */
  public record Extent(HistoryId id, long last, long rows) {}

  /** Takes rows one by one. */
  public interface RowHandler {
    /**
     * Takes the next row.
     *
     * @return false to read no further
     */
    boolean row(RawRow row) throws SQLException;
  }

  /** Every persistence id of ours, in the order of replay. */
  public static List<Extent> extents(Connection connection) throws SQLException {
    var extents = new ArrayList<Extent>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT \"persistence_id\", MAX(\"sequence_number\"), COUNT(*)"
                    + " FROM \"event_journal\" GROUP BY \"persistence_id\"")) {
      while (rows.next()) {
        long last = rows.getLong(2);
        long count = rows.getLong(3);
        HistoryId.parse(rows.getString(1))
            .ifPresent(id -> extents.add(new Extent(id, last, count)));
      }
    }
    extents.sort((left, right) -> left.id().compareTo(right.id()));
    return extents;
  }

  /**
   * Hands over the rows of one persistence id in order.
   *
   * @param from first sequence number
   * @param to last sequence number, included
   * @return false if the handler had enough
   */
  public static boolean read(
      Connection connection, HistoryId id, long from, long to, RowHandler handler)
      throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT \"sequence_number\", \"event_ser_manifest\", \"event_payload\""
                + " FROM \"event_journal\" WHERE \"persistence_id\" = ?"
                + " AND \"sequence_number\" >= ? AND \"sequence_number\" <= ?"
                + " ORDER BY \"sequence_number\"")) {
      select.setString(1, id.persistenceId());
      for (long start = from; start <= to; start += RANGE) {
        select.setLong(2, start);
        select.setLong(3, Math.min(to, start + RANGE - 1));
        try (var rows = select.executeQuery()) {
          while (rows.next()) {
            var payload = new RawRow.Payload(rows.getBytes(3));
            if (!handler.row(new RawRow(id, rows.getLong(1), rows.getString(2), payload))) {
              return false;
            }
          }
        }
      }
    }
    return true;
  }

  /**
   * The events of a row.
   *
   * @throws SQLException if it is damaged, or of a newer version
   */
  static EventBatch batch(RawRow row) throws SQLException {
    try {
      return EventBatchJson.decode(row.manifest(), row.payload().bytes());
    } catch (IOException e) {
      throw new SQLException(
          "a row of the history cannot be read: id=%s row=%d".formatted(row.id(), row.sequence()),
          e);
    }
  }
}
