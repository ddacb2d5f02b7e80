package org.brokecluster.coordinator.history.fold;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.brokecluster.coordinator.history.event.LearningTerms;

/** What was learned in the canonical JSON of a state: by which rules, and the trace of it. */
final class LearningJson {
  private LearningJson() {}

  static void write(JsonGenerator out, LearningTerms terms, long trace) throws IOException {
    out.writeStartObject();
    // Exact and the same on every runtime, which decimal digits are not.
    out.writeStringField("coverage", Double.toHexString(terms.coverage()));
    out.writeNumberField("half_life_ms", terms.halfLifeMs());
    out.writeNumberField("keys", terms.keys());
    out.writeNumberField("promise_keys", terms.promiseKeys());
    if (terms.promiseRule() > 0) {
      out.writeNumberField("promise_rule", terms.promiseRule());
    }
    out.writeNumberField("requests", terms.requests());
    out.writeStringField("trace", "%016x".formatted(trace));
    out.writeEndObject();
  }

  static LearningTerms terms(JsonNode json) {
    return new LearningTerms(
        json.path("half_life_ms").asLong(),
        json.path("keys").asInt(),
        json.path("requests").asInt(),
        Double.parseDouble(json.path("coverage").asText()),
        json.path("promise_keys").asInt(),
        json.path("promise_rule").asInt());
  }
}
