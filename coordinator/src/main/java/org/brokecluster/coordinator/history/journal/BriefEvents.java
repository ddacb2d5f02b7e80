package org.brokecluster.coordinator.history.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.event.Reckoning;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * Reads of an event what the fold looks at, and passes over the rest: the candidates of a decision
 * and the facts of a request are two thirds of a journal, and making objects of them is most of
 * what a replay costs.
 */
final class BriefEvents {
  private BriefEvents() {}

  /** What makes a mapper read briefly. */
  static SimpleModule module() {
    return new SimpleModule()
        .addDeserializer(Decided.class, new BriefDecided())
        .addDeserializer(Received.class, new BriefReceived());
  }

  private static <T> T present(JsonParser in, @Nullable T value, String name)
      throws JsonMappingException {
    if (value == null) {
      throw JsonMappingException.from(in, "an event has no " + name);
    }
    return value;
  }

  /** Goes to the first field's name, whether or not the type has been read. */
  private static @Nullable JsonToken firstField(JsonParser in) throws IOException {
    return in.currentToken() == JsonToken.START_OBJECT ? in.nextToken() : in.currentToken();
  }

  private static final class BriefDecided extends StdDeserializer<Decided> {
    private static final long serialVersionUID = 1L;

    BriefDecided() {
      super(Decided.class);
    }

    @Override
    public Decided deserialize(JsonParser in, DeserializationContext context) throws IOException {
      long at = 0;
      AttemptId attempt = null;
      Placement placement = null;
      Reckoning reckoning = null;
      for (var token = firstField(in); token == JsonToken.FIELD_NAME; token = in.nextToken()) {
        var name = in.currentName();
        in.nextToken();
        switch (name) {
          case "at" -> at = in.getLongValue();
          case "attempt" -> attempt = context.readValue(in, AttemptId.class);
          case "placement" -> placement = context.readValue(in, Placement.class);
          case "reckoning" -> reckoning = reckoning(in);
          default -> in.skipChildren();
        }
      }
      return new Decided(
          Instant.ofEpochMilli(at),
          present(in, attempt, "attempt"),
          present(in, placement, "placement"),
          List.of(),
          Map.of(),
          reckoning);
    }
  }

  private static Reckoning reckoning(JsonParser in) throws IOException {
    double quality = 0;
    long firstTokenMs = 0;
    long finishMs = 0;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      in.nextToken();
      switch (name) {
        case "quality" -> quality = in.getDoubleValue();
        case "firstTokenMs" -> firstTokenMs = in.getLongValue();
        case "finishMs" -> finishMs = in.getLongValue();
        default -> in.skipChildren();
      }
    }
    return new Reckoning(quality, firstTokenMs, finishMs, null);
  }

  private static final class BriefReceived extends StdDeserializer<Received> {
    private static final long serialVersionUID = 1L;

    BriefReceived() {
      super(Received.class);
    }

    @Override
    public Received deserialize(JsonParser in, DeserializationContext context) throws IOException {
      long at = 0;
      RequestId request = null;
      RequestFacts facts = null;
      for (var token = firstField(in); token == JsonToken.FIELD_NAME; token = in.nextToken()) {
        var name = in.currentName();
        in.nextToken();
        switch (name) {
          case "at" -> at = in.getLongValue();
          case "request" -> request = context.readValue(in, RequestId.class);
          case "facts" -> facts = BriefFacts.read(in);
          default -> in.skipChildren();
        }
      }
      return new Received(
          Instant.ofEpochMilli(at), present(in, request, "request"), present(in, facts, "facts"));
    }
  }
}
