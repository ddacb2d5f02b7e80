package org.brokecluster.protocol.router;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/** How urgent a request is: a person waits, an agent waits, or nobody does. */
public enum TrafficClass {
  INTERACTIVE,
  AGENT,
  BATCH;

  /** Lower-case name as users write it. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The class with this label, or nothing if there is none. */
  public static Optional<TrafficClass> parse(String label) {
    for (var each : values()) {
      if (each.label().equals(label)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** For JSON: like {@link #parse} but an unknown label is an error. */
  @JsonCreator
  static TrafficClass fromLabel(String label) {
    return parse(label).orElseThrow(() -> new IllegalArgumentException("unknown class: " + label));
  }
}
