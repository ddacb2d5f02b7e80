package org.brokecluster.coordinator.history.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.journal.EventBatchJson;
import org.brokecluster.coordinator.history.journal.HistoryId;

/**
 * Removes whole days of the history, oldest first: those beyond an age, then as many as it takes to
 * stay within a size. A day that a later day of the same reign cannot be replayed without (because
 * no state was stored at the turn) stays until that later day goes too. Blocks.
 */
public final class Retention {
  private Retention() {}

  /**
   * What was removed.
   *
   * @param days persistence ids that are gone
   * @param bytes what their events took
   */
  public record Removed(int days, long bytes) {}

  /** One persistence id. */
  record Day(HistoryId id, long bytes, boolean startsAnew) {}

  /**
   * Removes what is too old or too much.
   *
   * @param today a day that is never removed, in UTC
   * @param days whole days kept besides it, at least 1
   * @param bytesMax size of all events that are kept, in bytes
   * @throws SQLException if the database fails; what was removed by then stays removed
   */
  public static Removed run(Database database, LocalDate today, int days, long bytesMax)
      throws SQLException {
    try (var connection = database.connect()) {
      var gone = toRemove(days(connection), today, days, bytesMax);
      for (var day : gone) {
        remove(connection, day.id());
      }
      if (!gone.isEmpty()) {
        removeLines(connection);
      }
      return new Removed(gone.size(), gone.stream().mapToLong(Day::bytes).sum());
    }
  }

  /** Which of these days go. Pure. */
  static List<Day> toRemove(List<Day> all, LocalDate today, int days, long bytesMax) {
    long left = all.stream().mapToLong(Day::bytes).sum();
    var oldest = all.stream().map(day -> day.id().day()).distinct().sorted().toList();
    var dates = new ArrayList<LocalDate>();
    for (var date : oldest) {
      boolean old = date.isBefore(today.minusDays(days));
      if (!date.isBefore(today) || !(old || left > bytesMax)) {
        break;
      }
      dates.add(date);
      left -= all.stream().filter(day -> day.id().day().equals(date)).mapToLong(Day::bytes).sum();
    }
    return all.stream()
        .filter(day -> dates.contains(day.id().day()) && spared(all, dates, day).isEmpty())
        .sorted(Comparator.comparing((Day day) -> day.id().day()))
        .toList();
  }

  /** The next day of the same reign, if it stays and needs this one. */
  private static List<Day> spared(List<Day> all, List<LocalDate> dates, Day day) {
    return all.stream()
        .filter(next -> next.id().sameTerm(day.id()) && next.id().day().isAfter(day.id().day()))
        .min(Comparator.comparing(next -> next.id().day()))
        .filter(
            next ->
                !next.startsAnew()
                    && (!dates.contains(next.id().day()) || !spared(all, dates, next).isEmpty()))
        .map(List::of)
        .orElse(List.of());
  }

  private static List<Day> days(Connection connection) throws SQLException {
    var bytes = bytes(connection);
    var days = new ArrayList<Day>();
    for (var extent : JournalReader.extents(connection)) {
      boolean[] anew = {false};
      JournalReader.read(
          connection,
          extent.id(),
          1,
          1,
          row -> {
            anew[0] = startsAnew(row.manifest(), row.payload().bytes());
            return false;
          });
      long size = bytes.getOrDefault(extent.id().persistenceId(), 0L);
      days.add(new Day(extent.id(), size, anew[0]));
    }
    return days;
  }

  private static boolean startsAnew(String manifest, byte[] payload) {
    try {
      var batch = EventBatchJson.decode(manifest, payload);
      return batch.base() != null || batch.firstNumber() == 1;
    } catch (IOException e) {
      return false; // a replay will say so; nothing is gained by removing what is before it
    }
  }

  private static Map<String, Long> bytes(Connection connection) throws SQLException {
    var bytes = new HashMap<String, Long>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT \"persistence_id\", SUM(CAST(OCTET_LENGTH(\"event_payload\") AS BIGINT))"
                    + " FROM \"event_journal\" GROUP BY \"persistence_id\"")) {
      while (rows.next()) {
        bytes.put(rows.getString(1), rows.getLong(2));
      }
    }
    return bytes;
  }

  private static void remove(Connection connection, HistoryId id) throws SQLException {
    Transaction.run(
        connection,
        () -> {
          for (var table : List.of("event_journal", "projection")) {
            try (var delete =
                connection.prepareStatement(
                    "DELETE FROM \"%s\" WHERE \"persistence_id\" = ?".formatted(table))) {
              delete.setString(1, id.persistenceId());
              delete.executeUpdate();
            }
          }
        });
  }

  /** Lines of requests that came before the first day that is left. */
  private static void removeLines(Connection connection) throws SQLException {
    var first =
        JournalReader.extents(connection).stream()
            .map(extent -> extent.id().day())
            .sorted()
            .findFirst();
    if (first.isEmpty()) {
      return;
    }
    long before = first.get().atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    for (var table : List.of("attempt", "request")) {
      try (var delete =
          connection.prepareStatement(
              "DELETE FROM \"%s\" WHERE \"position\" < ?".formatted(table))) {
        delete.setLong(1, RequestSummary.position(before, 0));
        delete.executeUpdate();
      }
    }
  }
}
