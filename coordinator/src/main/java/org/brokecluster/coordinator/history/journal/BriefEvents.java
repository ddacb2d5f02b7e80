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
import java.util.Set;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;

/**
 * Reads of an event what the fold looks at, and passes over the rest: the candidates of a decision
 * and the facts of a request are two thirds of a journal, and making objects of them is most of
 * what a replay costs.
 */
final class BriefEvents {
  /** Instead of the facts that were passed over. */
  private static final RequestFacts NO_FACTS =
      new RequestFacts(
          Api.CHAT,
          "",
          false,
          new Profile(0, 0, 0, Map.of(), 0, 0, 1, "", ""),
          1,
          0,
          null,
          Set.of(),
          Wishes.NONE,
          List.of());

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
      for (var token = firstField(in); token == JsonToken.FIELD_NAME; token = in.nextToken()) {
        var name = in.currentName();
        in.nextToken();
        switch (name) {
          case "at" -> at = in.getLongValue();
          case "attempt" -> attempt = context.readValue(in, AttemptId.class);
          case "placement" -> placement = context.readValue(in, Placement.class);
          default -> in.skipChildren();
        }
      }
      return new Decided(
          Instant.ofEpochMilli(at),
          present(in, attempt, "attempt"),
          present(in, placement, "placement"),
          List.of(),
          Map.of());
    }
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
      for (var token = firstField(in); token == JsonToken.FIELD_NAME; token = in.nextToken()) {
        var name = in.currentName();
        in.nextToken();
        switch (name) {
          case "at" -> at = in.getLongValue();
          case "request" -> request = context.readValue(in, RequestId.class);
          default -> in.skipChildren();
        }
      }
      return new Received(Instant.ofEpochMilli(at), present(in, request, "request"), NO_FACTS);
    }
  }
}
