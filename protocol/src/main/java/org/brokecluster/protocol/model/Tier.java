package org.brokecluster.protocol.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/** Class of capability a model belongs to; ordered from the smallest to the largest. */
public enum Tier {
  BASIC,
  BALANCED,
  PREMIUM;

  /** Lower-case name as users write it. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The tier with this label, or nothing if there is none. */
  public static Optional<Tier> parse(String label) {
    for (var tier : values()) {
      if (tier.label().equals(label)) {
        return Optional.of(tier);
      }
    }
    return Optional.empty();
  }

  /** For JSON: like {@link #parse} but an unknown label is an error. */
  @JsonCreator
  static Tier fromLabel(String label) {
    return parse(label).orElseThrow(() -> new IllegalArgumentException("unknown tier: " + label));
  }
}
