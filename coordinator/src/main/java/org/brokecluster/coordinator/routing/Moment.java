package org.brokecluster.coordinator.routing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A point in time as the core is told of it.
 *
 * @param at wall clock in whole milliseconds, for events only
 * @param millis monotonic milliseconds, for durations only; of any origin
 */
public record Moment(Instant at, long millis) {
  /** Cuts the wall clock to milliseconds. */
  public Moment {
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }
}
