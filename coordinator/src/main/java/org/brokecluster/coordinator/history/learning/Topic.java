package org.brokecluster.coordinator.history.learning;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import org.brokecluster.protocol.router.Profile;

/** Coarse kinds of work among which models differ, told by the figures of a profile alone. */
public enum Topic {
  /** Source code, or about it. */
  CODE,
  /** Several steps of thought: mathematics, proofs, analysis. */
  REASONING,
  /** Invention: stories, names, designs. */
  CREATIVE,
  /** Everything else people ask. */
  GENERAL;

  private static final double CODE_BELOW = 0.6;
  private static final double REASONING_FROM = 0.6;
  private static final double CREATIVE_FROM = 0.5;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The topic of a prompt; the first one that fits. */
  public static Topic of(Profile profile) {
    if (profile.languageBias() < CODE_BELOW) {
      return CODE;
    }
    if (profile.reasoningChains() >= REASONING_FROM) {
      return REASONING;
    }
    return profile.creativeDesign() >= CREATIVE_FROM ? CREATIVE : GENERAL;
  }

  /** The topic of this name. */
  @JsonCreator
  public static Topic of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** Whether there is a topic of this name; a later version may record others. */
  static boolean isKnown(String label) {
    return Arrays.stream(values()).anyMatch(topic -> topic.label.equals(label));
  }

  /** Lower-case name. */
  @JsonValue
  public String label() {
    return label;
  }
}
