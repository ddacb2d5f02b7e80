package org.brokecluster.coordinator.routing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A point in time as the core is told of it.
 *
 * @param at wall clock in whole milliseconds, for events and what must follow from them
 * @param millis monotonic milliseconds, for durations only; of any origin
 */
public record Moment(Instant at, long millis) {
  /** Cuts the wall clock to milliseconds. */
  public Moment {
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  /** The wall clock in milliseconds since 1970. */
  public long wallMillis() {
    return at.toEpochMilli();
  }
}
