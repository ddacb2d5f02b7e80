package org.brokecluster.node.runtime.simulated;

import java.time.Duration;

/**
 * The one thread and the time of a simulated machine. Everything given to it runs one after
 * another, so what it guards needs no locks.
 */
interface SimulationClock {
  /** Nanoseconds that only ever grow. */
  long nanos();

  /** Runs a task soon; does nothing once closed. */
  void execute(Runnable task);

  /** Runs a task again and again until the returned handle is stopped. */
  Ticking every(Duration interval, Runnable task);

  /** Ends the thread; tasks given before are still run. */
  void close();

  /** Something that repeats. */
  interface Ticking {
    /** Ends the repetition. */
    void stop();
  }
}
