package org.brokecluster.coordinator.history.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;

/**
 * Routing events as JSON: the short names of {@link RoutingEvent}, times as whole milliseconds
 * since 1970, no nulls, unknown fields ignored when read. Thread safe.
 */
public final class EventJson {
  /** Longest JSON of a {@link Decided}, in bytes; candidates beyond it become counts. */
  public static final int DECIDED_MAX = 2048;

  /** Longest JSON of any event, in bytes. */
  public static final int EVENT_MAX = 256 * 1024;

  /** The reason under which candidates cut off by {@link #DECIDED_MAX} are counted. */
  static final String TRIMMED = "not listed";

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build();
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(FACTORY)
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, new MillisWriter())
                  .addDeserializer(Instant.class, new MillisReader()))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();
  private static final ObjectWriter WRITER = MAPPER.writerFor(RoutingEvent.class);
  private static final ObjectReader READER = MAPPER.readerFor(RoutingEvent.class);

  private EventJson() {}

  /**
   * The event as it is stored; a {@link Decided} that is too long loses its last candidates.
   *
   * @throws IOException if it cannot be written, or is longer than {@link #EVENT_MAX}
   */
  public static EncodedEvent encode(RoutingEvent event) throws IOException {
    var fitting = event;
    var json = WRITER.writeValueAsBytes(fitting);
    while (json.length > DECIDED_MAX
        && fitting instanceof Decided decided
        && decided.best().size() > 1) {
      fitting = trimmed(decided);
      json = WRITER.writeValueAsBytes(fitting);
    }
    if (json.length > EVENT_MAX) {
      throw new IOException("event is too long: bytes=" + json.length + " at most=" + EVENT_MAX);
    }
    return new EncodedEvent(fitting, json);
  }

  /**
   * Reads one event.
   *
   * @throws IOException if it is none
   */
  public static RoutingEvent decode(byte[] json) throws IOException {
    return READER.readValue(json);
  }

  /** Names of all kinds of event, as they are stored. */
  static List<String> kinds() {
    return Stream.of(RoutingEvent.class.getAnnotation(JsonSubTypes.class).value())
        .map(JsonSubTypes.Type::name)
        .toList();
  }

  private static Decided trimmed(Decided decided) {
    var best = decided.best().subList(0, decided.best().size() - 1);
    var lost = new TreeMap<>(decided.lost());
    lost.merge(TRIMMED, 1, Integer::sum);
    return new Decided(
        decided.at(),
        decided.attempt(),
        decided.placement(),
        best,
        lost,
        decided.reckoning(),
        decided.byPlan());
  }

  static String text(Throwable failure) {
    return failure instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : String.valueOf(failure.getMessage());
  }

  private static final class MillisWriter extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1L;

    MillisWriter() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeNumber(value.toEpochMilli());
    }
  }

  private static final class MillisReader extends StdDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    MillisReader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return Instant.ofEpochMilli(in.getLongValue());
    }
  }
}
