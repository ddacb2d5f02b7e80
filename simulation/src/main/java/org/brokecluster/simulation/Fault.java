package org.brokecluster.simulation;

import java.util.Locale;

/**
 * Something that goes wrong on a machine, and for how long.
 *
 * @param atMs when it begins
 * @param lastsMs after which it is over
 */
record Fault(long atMs, Kind kind, int machine, long lastsMs) {

  /** What can go wrong. */
  enum Kind {
    /** The process is killed, and started again at the end. */
    KILL,
    /** The process is stopped, and goes on at the end. */
    PAUSE,
    /** The machine is cut off from all others. */
    CUT,
    /** Models are several times slower. */
    SLOW,
    /** Every answer under way breaks off, once. */
    CRASH,
    /** Runtimes say nothing, and nothing breaks. */
    SILENCE,
    /** Every answer fails. */
    SICK,
    /** The node takes no new work. */
    DRAIN
  }

  long endMs() {
    return atMs + lastsMs;
  }

  @Override
  public String toString() {
    return "%.1f s mac-%d %s for %.1f s"
        .formatted(
            atMs / 1_000.0, machine + 1, kind.name().toLowerCase(Locale.ROOT), lastsMs / 1_000.0);
  }
}
