package org.brokecluster.coordinator.history.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Learned;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.jspecify.annotations.Nullable;

/**
 * What the last router learned that recorded it: that record, and the events since. Reads backwards
 * from the end of the journal, a bounded number of rows. Blocks.
 */
public final class LearnedReader {
  /** Rows looked at, at most: a record comes far more often. */
  private static final int ROWS_MAX = 20_000;

  private static final int RANGE = 64;

  private final Connection connection;
  private int looked;

  private LearnedReader(Connection connection) {
    this.connection = connection;
  }

  /**
   * What was found.
   *
   * @param events the record, and what came after it in its term; empty if there is none
   * @param names who the opaque ids in it stand for
   */
  public record Found(List<RoutingEvent> events, Map<String, String> names) {
    /** Copies both. */
    public Found {
      events = List.copyOf(events);
      names = Map.copyOf(names);
    }
  }

  /** Reads what routers before this term learned. */
  public static Found before(Connection connection, long term) throws SQLException {
    var reader = new LearnedReader(connection);
    var extents = JournalReader.extents(connection);
    for (int i = extents.size() - 1; i >= 0 && reader.looked < ROWS_MAX; i--) {
      if (extents.get(i).id().term() < term && reader.hasRecord(extents.get(i)) > 0) {
        var events = reader.events(extents, i);
        return new Found(events, PersonTable.names(connection, people(events)));
      }
    }
    return new Found(List.of(), Map.of());
  }

  /** Number of the last row with a record in it, 0 if there is none. */
  private long hasRecord(JournalReader.Extent extent) throws SQLException {
    var found = new long[1];
    for (long to = extent.last(); to > 0 && looked < ROWS_MAX; to -= RANGE) {
      JournalReader.read(
          connection, extent.id(), Math.max(1, to - RANGE + 1), to, row -> look(row, found));
      if (found[0] > 0) {
        return found[0];
      }
    }
    return 0;
  }

  private boolean look(RawRow row, long[] found) throws SQLException {
    looked++;
    for (var event : JournalReader.batch(row).events()) {
      if (event.event() instanceof Learned) {
        found[0] = row.sequence();
      }
    }
    return true;
  }

  /** The record in this extent, and everything after it in its term. */
  private List<RoutingEvent> events(List<JournalReader.Extent> extents, int at)
      throws SQLException {
    var first = extents.get(at);
    var events = new ArrayList<RoutingEvent>();
    long from = hasRecord(first);
    for (var extent : extents.subList(at, extents.size())) {
      if (extent.id().sameTerm(first.id())) {
        JournalReader.read(connection, extent.id(), from, extent.last(), row -> take(row, events));
        from = 1;
      }
    }
    return events;
  }

  private boolean take(RawRow row, List<RoutingEvent> events) throws SQLException {
    looked++;
    for (var event : JournalReader.batch(row).events()) {
      if (event.event() instanceof Learned) {
        events.clear();
      }
      events.add(event.event());
    }
    return looked < 2 * ROWS_MAX;
  }

  private static Set<String> people(List<RoutingEvent> events) {
    var people = new HashSet<String>();
    for (var event : events) {
      if (event instanceof Learned learned) {
        for (LearnedFigures.Row row : learned.figures().rows()) {
          add(people, row.user());
        }
      } else if (event instanceof RoutingEvent.Received received) {
        add(people, received.facts().wishes().user());
      }
    }
    return people;
  }

  private static void add(Set<String> people, @Nullable String id) {
    if (id != null && !id.isEmpty()) {
      people.add(id);
    }
  }
}
