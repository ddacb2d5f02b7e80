package org.brokecluster.coordinator.history.learning;

import org.jspecify.annotations.Nullable;

/**
 * A number that follows from everything that was put into it, and from its order: two traces that
 * agree saw the same, but for chance of one in 2^64. No protection against malice. Not thread safe.
 */
final class Trace {
  private static final long ODD = 0x9E3779B97F4A7C15L;

  private long value;

  /** Puts in a whole number. */
  Trace put(long next) {
    long mixed = (value ^ next) * ODD;
    value = mixed ^ (mixed >>> 29);
    return this;
  }

  /** Puts in a figure, to its last bit. */
  Trace put(double next) {
    return put(Double.doubleToLongBits(next));
  }

  /** Puts in a name; none is told from an empty one. */
  Trace put(@Nullable String next) {
    return put(next == null ? ODD : next.hashCode());
  }

  /** What has become of all of it; 0 before the first. */
  long value() {
    return value;
  }
}
