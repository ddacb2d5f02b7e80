package org.brokecluster.coordinator.history.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of the journal with the exact bytes of each event. Keeps what it learned of names from
 * one row to the next; not thread safe.
 */
public final class RowReader {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final KnownNames<String> fields = JsonCursor.fieldNames();
  private final EventReading reading;

  private RowReader(EventReading reading) {
    this.reading = reading;
  }

  /** Reads all of every event. */
  public static RowReader whole() {
    return new RowReader(RowReader::whole);
  }

  /** Reads of an event what the fold looks at, several times faster. */
  public static RowReader forFold() {
    return new RowReader(new BriefEvents()::read);
  }

  /** One way to read the event that begins here, up to its end. */
  private interface EventReading {
    RoutingEvent read(JsonCursor in) throws IOException;
  }

  /**
   * Reads a row.
   *
   * @throws IOException if the bytes are not a row of a version known here, with the reason
   */
  public EventBatch read(String manifest, byte[] json) throws IOException {
    if (!EventBatchJson.MANIFEST.equals(manifest)) {
      throw new IOException("row of an unknown kind: " + manifest);
    }
    try {
      return read(new JsonCursor(json, fields));
    } catch (IllegalArgumentException e) {
      throw new IOException("row is garbled: " + e.getMessage(), e);
    }
  }

  static RoutingEvent whole(JsonCursor in) throws IOException {
    int start = in.position();
    in.skip();
    return EventJson.decode(in.since(start));
  }

  private EventBatch read(JsonCursor in) throws IOException {
    long first = 0;
    List<EncodedEvent> events = List.of();
    Checkpoint checkpoint = null;
    Gap gap = null;
    String base = null;
    in.open('{');
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      switch (name) {
        case "first" -> first = in.integer();
        case "gap" -> gap = read(in, Gap.class);
        case "checkpoint" -> checkpoint = read(in, Checkpoint.class);
        case "base" -> base = new String(in.value(), StandardCharsets.UTF_8);
        case "events" -> events = events(in);
        default -> in.skip();
      }
    }
    in.end();
    if (first < 1) {
      throw new IOException("row without a first number");
    }
    return new EventBatch(first, events, checkpoint, gap, base);
  }

  private List<EncodedEvent> events(JsonCursor in) throws IOException {
    var found = new ArrayList<EncodedEvent>();
    in.open('[');
    while (in.more(']')) {
      in.passSpace();
      int start = in.position();
      var event = reading.read(in);
      found.add(new EncodedEvent(event, in.since(start)));
    }
    return found;
  }

  private static <T> @Nullable T read(JsonCursor in, Class<T> type) throws IOException {
    return MAPPER.readValue(in.value(), type);
  }
}
