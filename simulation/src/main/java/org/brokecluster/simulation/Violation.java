package org.brokecluster.simulation;

import java.util.List;

/**
 * A broken invariant.
 *
 * @param seed number that repeats the run
 * @param step steps taken until then
 * @param atMs virtual time
 * @param what what was seen
 * @param before the latest steps, oldest first
 */
record Violation(
    long seed, Invariant invariant, long step, long atMs, String what, List<String> before) {
  /** Copies the list. */
  Violation {
    before = List.copyOf(before);
  }

  @Override
  public String toString() {
    return "seed %d, step %d, %,d ms: %s: %s\n  %s"
        .formatted(seed, step, atMs, invariant.text(), what, String.join("\n  ", before));
  }
}
