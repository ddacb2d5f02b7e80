package org.brokecluster.coordinator.router;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a member stands, as users see it. */
public enum MemberState {
  /** On its way in; takes no work yet. */
  JOINING,
  /** Takes work. */
  UP,
  /** Finishes what it has and takes no new work. */
  DRAINING,
  /** Some member does not hear it; takes no new work until it is heard again. */
  UNREACHABLE,
  /** On its way out. */
  LEAVING;

  /** Lower-case name. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
