package org.brokecluster.simulation.schedule;

import org.jspecify.annotations.Nullable;

/** Decides which Mac gets which request. One for each run; not thread safe. */
interface Policy {
  /** The run begins. */
  void begin(Stage stage);

  /**
   * A request wants a place.
   *
   * @param attempt 1, or more if it was lost with a Mac
   * @param lostOn where it was lost last, or null
   */
  void comes(Job job, int attempt, @Nullable Mac lostOn);

  /** A request has its answer. */
  void ended(Task task);

  /** A Mac's models have changed, or it is back. */
  void changed(Mac mac);

  /** A Mac is known to be gone. */
  void left(Mac mac);

  /** Some time has passed; called four times a second. */
  default void tick() {}

  /** Requests that wait outside the Macs. */
  default int waiting() {
    return 0;
  }
}
