package org.brokecluster.coordinator.history.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.jspecify.annotations.Nullable;

/**
 * A row of the journal as JSON, with a short logical name and a version instead of class names:
 * {@code {"first":1,"gap":…,"base":…,"events":[…],"checkpoint":…}}. Unknown fields are ignored.
 * Thread safe.
 */
public final class EventBatchJson {
  /** Logical name and version of what {@link #encode} writes. */
  public static final String MANIFEST = "routing-batch:1";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private EventBatchJson() {}

  /** The row's bytes; the events' bytes appear in it as they are. */
  public static byte[] encode(EventBatch batch) {
    int size = 512 + (batch.base() == null ? 0 : batch.base().length());
    for (var event : batch.events()) {
      size += event.json().length + 1;
    }
    var out = new ByteArrayOutputStream(size);
    out.writeBytes(ascii("{\"first\":" + batch.firstNumber()));
    if (batch.gap() != null) {
      var gap = batch.gap();
      out.writeBytes(ascii(",\"gap\":{\"first\":" + gap.first() + ",\"last\":" + gap.last() + "}"));
    }
    if (batch.base() != null) {
      out.writeBytes(ascii(",\"base\":"));
      out.writeBytes(batch.base().getBytes(StandardCharsets.UTF_8));
    }
    out.writeBytes(ascii(",\"events\":["));
    for (int i = 0; i < batch.events().size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(batch.events().get(i).json());
    }
    out.write(']');
    if (batch.checkpoint() != null) {
      out.writeBytes(ascii(",\"checkpoint\":" + json(batch.checkpoint())));
    }
    out.write('}');
    return out.toByteArray();
  }

  /**
   * Reads a row.
   *
   * @throws IOException if the bytes are not a row of a version known here, with the reason
   */
  public static EventBatch decode(String manifest, byte[] json) throws IOException {
    return decode(manifest, json, EventJson::decode);
  }

  /**
   * Reads a row at a third of the cost, with the exact bytes of each event, but of decisions and
   * requests only what the fold looks at.
   *
   * @throws IOException if the bytes are not a row of a version known here, with the reason
   */
  public static EventBatch decodeForFold(String manifest, byte[] json) throws IOException {
    return decode(manifest, json, EventJson::decodeForFold);
  }

  /** One way to read an event. */
  private interface EventReading {
    RoutingEvent read(JsonParser parser) throws IOException;
  }

  private static EventBatch decode(String manifest, byte[] json, EventReading reading)
      throws IOException {
    if (!MANIFEST.equals(manifest)) {
      throw new IOException("row of an unknown kind: " + manifest);
    }
    try (var parser = EventJson.parser(json)) {
      return new RowReader(parser, json, reading).read();
    }
  }

  private static String json(Checkpoint checkpoint) {
    return "{\"number\":%d,\"fold\":%d,\"sha256\":\"%s\",\"content\":\"%s\",\"comparable\":%b}"
        .formatted(
            checkpoint.number(),
            checkpoint.fold(),
            checkpoint.sha256(),
            checkpoint.content(),
            checkpoint.comparable());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads one row and cuts out the exact bytes of each event. */
  private static final class RowReader {
    private final JsonParser parser;
    private final byte[] json;
    private final EventReading reading;
    private long first;
    private List<EncodedEvent> events = List.of();
    private @Nullable Checkpoint checkpoint;
    private @Nullable Gap gap;
    private @Nullable String base;

    RowReader(JsonParser parser, byte[] json, EventReading reading) {
      this.parser = parser;
      this.json = json;
      this.reading = reading;
    }

    EventBatch read() throws IOException {
      expect(parser.nextToken(), JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "first" -> first = parser.getLongValue();
          case "gap" -> gap = MAPPER.readValue(parser, Gap.class);
          case "checkpoint" -> checkpoint = MAPPER.readValue(parser, Checkpoint.class);
          case "base" -> base = new String(slice(), StandardCharsets.UTF_8);
          case "events" -> events = events();
          default -> parser.skipChildren();
        }
      }
      expect(parser.currentToken(), JsonToken.END_OBJECT);
      if (first < 1) {
        throw new IOException("row without a first number");
      }
      return new EventBatch(first, events, checkpoint, gap, base);
    }

    private List<EncodedEvent> events() throws IOException {
      expect(parser.currentToken(), JsonToken.START_ARRAY);
      var found = new ArrayList<EncodedEvent>();
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        var event = reading.read(parser);
        int end = (int) parser.currentLocation().getByteOffset();
        found.add(new EncodedEvent(event, Arrays.copyOfRange(json, start, end)));
      }
      expect(parser.currentToken(), JsonToken.END_ARRAY);
      return found;
    }

    private byte[] slice() throws IOException {
      int start = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      return Arrays.copyOfRange(json, start, (int) parser.currentLocation().getByteOffset());
    }

    private void expect(@Nullable JsonToken found, JsonToken wanted) throws IOException {
      if (found != wanted) {
        throw new IOException("row is garbled: expected " + wanted + ", found " + found);
      }
    }
  }
}
