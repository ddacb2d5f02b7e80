package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Consumer;
import org.brokecluster.coordinator.history.event.RoutingEvent;

/** Reads the events of a time one by one. Blocks. */
public final class EventReader {
  private static final int TAIL_ROWS = 20;

  private EventReader() {}

  /**
   * When the last event happened; nothing if there is none.
   *
   * @throws SQLException if the database fails
   */
  public static Optional<Instant> last(Database database) throws SQLException {
    try (var connection = database.connect()) {
      Instant[] last = {null};
      for (var extent : JournalReader.extents(connection)) {
        // The last rows of a day may hold a checkpoint only.
        JournalReader.read(
            connection,
            extent.id(),
            Math.max(1, extent.last() - TAIL_ROWS),
            extent.last(),
            row -> {
              for (var event : JournalReader.batch(row).events()) {
                var at = event.event().at();
                last[0] = last[0] == null || at.isAfter(last[0]) ? at : last[0];
              }
              return true;
            });
      }
      return Optional.ofNullable(last[0]);
    }
  }

  /**
   * Hands over every event before {@code to} of each reign that lasted into the time from {@code
   * from} on: also the earlier ones of such a reign, since they tell of its nodes.
   *
   * @throws SQLException if the database fails or a row cannot be read
   */
  public static void read(
      Database database, Instant from, Instant to, Consumer<RoutingEvent> listener)
      throws SQLException {
    var first = LocalDate.ofInstant(from, ZoneOffset.UTC);
    var last = LocalDate.ofInstant(to, ZoneOffset.UTC);
    try (var connection = database.connect()) {
      var all = JournalReader.extents(connection);
      for (var extent : all) {
        boolean lasted =
            all.stream()
                .anyMatch(day -> day.id().sameTerm(extent.id()) && !day.id().day().isBefore(first));
        if (lasted && !extent.id().day().isAfter(last)) {
          read(connection, extent, to, listener);
        }
      }
    }
  }

  private static void read(
      Connection connection,
      JournalReader.Extent extent,
      Instant to,
      Consumer<RoutingEvent> listener)
      throws SQLException {
    JournalReader.read(
        connection,
        extent.id(),
        1,
        extent.last(),
        row -> {
          for (var event : JournalReader.batch(row).events()) {
            if (event.event().at().isBefore(to)) {
              listener.accept(event.event());
            }
          }
          return true;
        });
  }
}
