package org.brokecluster.protocol.router;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Something that steers how an answer is made, and that a client may leave open. */
public enum Parameter {
  /** How freely tokens are drawn. */
  TEMPERATURE,
  /** Share of the probability among which tokens are drawn. */
  TOP_P,
  /** Longest answer. */
  MAX_TOKENS,
  /** Whether a model that can think aloud does so first. */
  THINKING;

  /** Name in kebab case. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The parameter of this name. */
  @JsonCreator
  public static Parameter of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
