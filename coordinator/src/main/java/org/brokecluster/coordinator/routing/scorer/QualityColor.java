package org.brokecluster.coordinator.routing.scorer;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a quality temperature means for the reader. Bands are half open. */
public enum QualityColor {
  /** Below 0.25: use it. */
  GREEN(0.25),
  /** From 0.25: a short look is enough. */
  YELLOW(0.55),
  /** From 0.55: check what matters. */
  ORANGE(0.75),
  /** From 0.75: treat it as a draft. */
  RED(Double.POSITIVE_INFINITY);

  private final double below;

  QualityColor(double below) {
    this.below = below;
  }

  /** The colour of a temperature, 0 to 1. */
  public static QualityColor of(double temperature) {
    for (var color : values()) {
      if (temperature < color.below) {
        return color;
      }
    }
    return RED;
  }

  /** Lower-case name. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
