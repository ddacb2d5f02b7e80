package org.brokecluster.coordinator.history.fold;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.brokecluster.coordinator.breaker.BreakerLimits;
import org.brokecluster.coordinator.breaker.Breakers;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/** Breakers in the canonical JSON of a state: keys and places sorted, whole numbers, no spaces. */
final class BreakersJson {
  private BreakersJson() {}

  static void write(JsonGenerator out, Breakers breakers) throws IOException {
    var limits = breakers.limits();
    out.writeStartObject();
    out.writeNumberField("failures", limits.failures());
    out.writeNumberField("first_ms", limits.firstMs());
    out.writeNumberField("most_ms", limits.mostMs());
    out.writeArrayFieldStart("places");
    for (var place : breakers.places()) {
      out.writeStartObject();
      out.writeNumberField("failed", place.failedMs());
      out.writeNumberField("failures", place.failures());
      out.writeStringField("model", place.model().value());
      out.writeStringField("node", place.node().value());
      out.writeNumberField("pause_ms", place.pauseMs());
      out.writeNumberField("probe_from", place.probeFromMs());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeNumberField("reset_ms", limits.resetMs());
    out.writeEndObject();
  }

  static Breakers read(JsonNode json) {
    var breakers =
        new Breakers(
            new BreakerLimits(
                json.path("failures").asInt(),
                json.path("first_ms").asLong(),
                json.path("most_ms").asLong(),
                json.path("reset_ms").asLong()));
    for (var place : json.path("places")) {
      breakers.restore(
          new Breakers.Place(
              NodeId.of(place.path("node").asText()),
              ModelId.of(place.path("model").asText()),
              place.path("failures").asInt(),
              place.path("pause_ms").asLong(),
              place.path("probe_from").asLong(),
              place.path("failed").asLong()));
    }
    return breakers;
  }
}
