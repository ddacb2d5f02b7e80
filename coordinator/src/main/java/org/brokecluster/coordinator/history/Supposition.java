package org.brokecluster.coordinator.history;

import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.protocol.history.WhatIf;

/** Finds out what would have happened otherwise. Thread safe. */
public interface Supposition {
  /**
   * Begins to listen.
   *
   * @param order with both ends of its time set
   * @throws IllegalArgumentException if it cannot be played, with what is wrong
   */
  Hearing begin(WhatIf order);

  /** Hears recorded events in their order, and answers at the end. One thread. */
  interface Hearing {
    /** Takes the next event; also those before the time in question, for the fleet they tell of. */
    void event(RoutingEvent event);

    /**
     * The comparison as JSON. Takes a while.
     *
     * @throws IllegalArgumentException if nothing can be compared, with the reason
     */
    String answer();
  }
}
