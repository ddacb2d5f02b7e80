package org.brokecluster.coordinator.history.fold;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.brokecluster.coordinator.history.event.RoutingEvent.Arranged;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/** What the plan had done lately in the canonical JSON of a state: oldest first. */
final class MovesJson {
  private MovesJson() {}

  static void write(JsonGenerator out, Collection<Arranged> moves) throws IOException {
    out.writeStartArray();
    for (var move : moves) {
      out.writeStartObject();
      out.writeNumberField("at", move.at().toEpochMilli());
      out.writeArrayFieldStart("evicts");
      for (var gone : move.evicts()) {
        out.writeString(gone.value());
      }
      out.writeEndArray();
      out.writeNumberField("gain_ms", move.gainMs());
      out.writeBooleanField("load", move.load());
      out.writeNumberField("loss_ms", move.lossMs());
      out.writeStringField("model", move.model().value());
      out.writeStringField("node", move.node().value());
      out.writeStringField("why", move.why());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  static List<Arranged> read(JsonNode json) {
    var moves = new ArrayList<Arranged>();
    for (var move : json) {
      var evicts = new ArrayList<ModelId>();
      move.path("evicts").forEach(gone -> evicts.add(ModelId.of(gone.asText())));
      moves.add(
          new Arranged(
              Instant.ofEpochMilli(move.path("at").asLong()),
              NodeId.of(move.path("node").asText()),
              ModelId.of(move.path("model").asText()),
              move.path("load").asBoolean(),
              evicts,
              move.path("gain_ms").asLong(),
              move.path("loss_ms").asLong(),
              move.path("why").asText()));
    }
    return moves;
  }
}
