package org.brokecluster.coordinator.routing.placement;

import java.util.Locale;

/** What becomes of a plan. */
public enum PlacementMode {
  /** Nothing is planned. */
  OFF,
  /** The plan is shown, and somebody else acts on it or not. */
  SUGGEST,
  /** The plan is carried out. */
  ACT;

  /** Lower-case name as users see it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
