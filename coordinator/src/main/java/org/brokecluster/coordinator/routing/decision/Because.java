package org.brokecluster.coordinator.routing.decision;

import java.util.Locale;

/** What had the last word in a decision. */
public enum Because {
  /** The highest score, or a free place of equal quality. */
  SCORE(""),
  /** The conversation keeps its model; by score alone another one would have won. */
  STAYING("the conversation keeps its model; another one scored higher by less than the margin"),
  /** A model of the same tier, hardly worse by all that is known, of which little is known. */
  EXPLORING("a model of the same tier is tried, of which little is known yet");

  private final String why;

  Because(String why) {
    this.why = why;
  }

  /** The reason in words; empty for the score. */
  public String why() {
    return why;
  }

  /** Lower-case name, as it is recorded. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
