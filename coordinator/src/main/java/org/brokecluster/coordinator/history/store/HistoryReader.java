package org.brokecluster.coordinator.history.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.brokecluster.coordinator.history.journal.EncodedEvent;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.brokecluster.coordinator.history.verify.Verification;
import org.brokecluster.coordinator.history.verify.VerificationReport;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.shared.Version;
import org.jspecify.annotations.Nullable;

/** Answers questions from the database. Thread safe; every method blocks. */
public final class HistoryReader {
  /** Longest answer, in characters. */
  public static final int ANSWER_MAX = 200 * 1024;

  /** Requests in an answer at most. */
  public static final int REQUESTS_MAX = 500;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Database database;

  /** Reads from this database. */
  public HistoryReader(Database database) {
    this.database = database;
  }

  /**
   * Some requests, and how to get at those that follow.
   *
   * @param items JSON objects, newest first
   * @param next cursor for the next page, or null at the end
   */
  public record RequestPage(List<String> items, @Nullable String next) {
    /** Copies the list. */
    public RequestPage {
      items = List.copyOf(items);
    }
  }

  /**
   * The latest requests, newest first.
   *
   * @param limit 1 to {@value #REQUESTS_MAX}
   * @param before cursor of an earlier page, or null
   * @throws SQLException if the database fails
   * @throws IllegalArgumentException if the cursor is none
   */
  public RequestPage requests(int limit, @Nullable String before, HistoryFilter filter)
      throws SQLException {
    int wanted = Math.max(1, Math.min(limit, REQUESTS_MAX));
    try (var connection = database.connect()) {
      var found = RequestTable.latest(connection, filter, wanted + 1, position(before));
      var names = names(connection, found);
      var items = new ArrayList<String>();
      int length = 0;
      for (var summary : found) {
        var json = summary.json(names).toString();
        length += json.length();
        if (items.size() == wanted || (length > ANSWER_MAX && !items.isEmpty())) {
          return new RequestPage(items, Long.toString(found.get(items.size() - 1).position));
        }
        items.add(json);
      }
      return new RequestPage(items, null);
    }
  }

  /**
   * Figures over many requests, or their attempts, in groups, as JSON.
   *
   * @throws SQLException if the database fails
   * @throws IllegalArgumentException if requests cannot be grouped by that
   */
  public String summary(HistoryFilter filter, String by, boolean attempts) throws SQLException {
    try (var connection = database.connect()) {
      return attempts
          ? AttemptFigures.of(connection, filter, by).toString()
          : Aggregates.of(connection, filter, by).toString();
    }
  }

  /**
   * The cluster at a past moment, as JSON; nothing if the history does not reach back so far.
   *
   * @throws SQLException if the database fails
   */
  public Optional<String> past(Instant at) throws SQLException {
    try (var connection = database.connect()) {
      return PastReader.at(connection, at).map(ObjectNode::toString);
    }
  }

  private static Map<String, String> names(
      Connection connection, Collection<RequestSummary> requests) throws SQLException {
    var ids = new TreeSet<String>();
    for (var request : requests) {
      if (request.person != null) {
        ids.add(request.person);
      }
    }
    return PersonTable.names(connection, ids);
  }

  /**
   * Everything recorded about one request: {@code {"request":…,"summary":{…},"events":[…]}}.
   *
   * @throws SQLException if the database fails
   */
  public Optional<String> request(RequestId id) throws SQLException {
    try (var connection = database.connect()) {
      var summary = RequestTable.find(connection, id).orElse(null);
      if (summary == null) {
        return Optional.empty();
      }
      var document = MAPPER.createObjectNode();
      document.put("request", id.value());
      document.set("summary", summary.json(names(connection, List.of(summary))));
      var events = document.putArray("events");
      int room = ANSWER_MAX - 8 * 1024;
      for (var place : summary.storedIn.places()) {
        room = addEvents(connection, place, id, events, room);
      }
      document.put("truncated", room <= 0);
      return Optional.of(document.toString());
    }
  }

  /**
   * A piece of the text of a backup; what follows the first is asked for with the cursor.
   *
   * @param cursor of an earlier piece, or null for the first
   * @param texts whether what is kept sealed comes too; asked of the first piece only
   * @throws SQLException if the database fails
   * @throws IllegalArgumentException if the cursor is none
   */
  public RequestPage backup(@Nullable String cursor, boolean texts, Instant now)
      throws SQLException {
    try (var connection = database.connect()) {
      var piece =
          cursor == null
              ? BackupPages.first(connection, now, Version.current(), texts)
              : BackupPages.next(connection, cursor);
      return new RequestPage(List.of(piece.text()), piece.next());
    }
  }

  /**
   * Folds every stored row again and compares; rows added meanwhile are left for the next time.
   *
   * @throws SQLException if the database fails
   */
  public VerificationReport verify() throws SQLException {
    try (var connection = database.connect()) {
      var mustReach = new TreeMap<>(Projector.progress(connection));
      var lasts = new TreeMap<HistoryId, Long>();
      JournalReader.extents(connection).forEach(extent -> lasts.put(extent.id(), extent.last()));
      mustReach.keySet().forEach(id -> lasts.putIfAbsent(id, 0L));
      var verification = new Verification();
      for (var entry : lasts.entrySet()) {
        JournalReader.read(
            connection,
            entry.getKey(),
            1,
            entry.getValue(),
            row -> {
              verification.row(row);
              return true;
            });
        verification.mustReach(entry.getKey(), mustReach.getOrDefault(entry.getKey(), 0L));
      }
      return verification.finish();
    }
  }

  /**
   * The highest term that has events, 0 if there is none.
   *
   * @throws SQLException if the database fails
   */
  public long highestTerm() throws SQLException {
    try (var connection = database.connect()) {
      return JournalReader.extents(connection).stream()
          .mapToLong(extent -> extent.id().term())
          .max()
          .orElse(0);
    }
  }

  private static long position(@Nullable String cursor) {
    try {
      return cursor == null ? Long.MAX_VALUE : Long.parseLong(cursor);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a cursor of the history: " + cursor, e);
    }
  }

  private static int addEvents(
      Connection connection, StoredIn.Place place, RequestId id, ArrayNode events, int room)
      throws SQLException {
    int[] left = {room};
    JournalReader.read(
        connection,
        place.id(),
        place.sequence(),
        place.sequence(),
        row -> {
          left[0] = addEvents(row, id, events, left[0]);
          return true;
        });
    return left[0];
  }

  private static int addEvents(RawRow row, RequestId id, ArrayNode events, int room)
      throws SQLException {
    int left = room;
    var batch = JournalReader.batch(row);
    for (int i = 0; i < batch.events().size(); i++) {
      var event = batch.events().get(i);
      if (id.equals(event.event().concerns()) && left > 0) {
        left -= event.json().length;
        if (left > 0) {
          events.add(describe(row.id(), batch.firstNumber() + i, event));
        }
      }
    }
    return left;
  }

  private static ObjectNode describe(HistoryId id, long number, EncodedEvent event)
      throws SQLException {
    var json = MAPPER.createObjectNode();
    json.put("term", id.term());
    json.put("number", number);
    try {
      json.setAll((ObjectNode) MAPPER.readTree(event.json()));
    } catch (IOException e) {
      throw new SQLException("an event of the history cannot be read: term=" + id.term(), e);
    }
    instant(json);
    if (json.path("byPlan") instanceof ObjectNode byPlan) {
      instant(byPlan);
    }
    json.remove("request");
    return json;
  }

  private static void instant(ObjectNode json) {
    json.put("at", Instant.ofEpochMilli(json.path("at").asLong()).toString());
  }
}
