package org.brokecluster.node.models;

import java.util.OptionalDouble;

/**
 * How many streams worked at each moment of the recent past. Keeps the latest {@value #KEPT}
 * changes. Pure; not thread safe.
 */
final class StreamTrace {
  private static final int KEPT = 512;

  private final long[] at = new long[KEPT];
  private final int[] counts = new int[KEPT];
  private long changes;
  private int now;

  /** One more ({@code 1}) or one fewer ({@code -1}) from this moment on. */
  void change(int by, long nanos) {
    now += by;
    int slot = (int) (changes % KEPT);
    at[slot] = nanos;
    counts[slot] = now;
    changes++;
  }

  /** Streams that work now. */
  int now() {
    return now;
  }

  /** Mean number between two moments; nothing if that is too long ago, or no time. */
  OptionalDouble mean(long from, long to) {
    if (to <= from || !reaches(from)) {
      return OptionalDouble.empty();
    }
    double area = 0;
    long end = to;
    for (long i = changes - 1; i >= oldest() && end > from; i--) {
      int slot = (int) (i % KEPT);
      long begin = Math.max(from, at[slot]);
      if (begin < end) {
        area += (double) counts[slot] * (end - begin);
        end = begin;
      }
    }
    return OptionalDouble.of(area / (to - from));
  }

  /**
   * Most streams at any moment between two, both included, even for no time at all; nothing if that
   * is too long ago.
   */
  OptionalDouble most(long from, long to) {
    if (!reaches(from)) {
      return OptionalDouble.empty();
    }
    int most = 0;
    boolean covered = false;
    for (long i = changes - 1; i >= oldest() && !covered; i--) {
      int slot = (int) (i % KEPT);
      boolean before = at[slot] < from;
      boolean replacedAtOnce = before && i + 1 < changes && at[(int) ((i + 1) % KEPT)] == from;
      if (at[slot] <= to && !replacedAtOnce) {
        most = Math.max(most, counts[slot]);
      }
      covered = before;
    }
    return OptionalDouble.of(most);
  }

  private long oldest() {
    return Math.max(0, changes - KEPT);
  }

  /** Whether every change since a moment is still known. */
  private boolean reaches(long from) {
    return changes <= KEPT || at[(int) (oldest() % KEPT)] <= from;
  }
}
