package org.brokecluster.simulation.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A kind of traffic that can be replayed at any rate. Immutable; runs of it are drawn by seed. */
interface Load extends Study.Traffic {
  /** Requests that one arrival brings about on average, at least 1. */
  double requestsPerArrival();

  /**
   * Draws a run.
   *
   * @param rate arrivals a second, above 0
   * @param requests about how many requests, at least 1
   * @param mix which models are asked for
   */
  Run draw(long seed, double rate, int requests, Mix mix);

  /** One run: what comes of itself, and what follows from answers. Not thread safe. */
  interface Run {
    /** Requests that come whatever happens, by time. */
    List<Job> arrivals();

    /**
     * What a client does once it has its answer.
     *
     * @param nowMs virtual time of the answer's end
     * @return the next request of its conversation, or null if it is over
     */
    @Nullable Job next(Job answered, long nowMs);
  }
}
