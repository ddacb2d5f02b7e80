package org.brokecluster.coordinator.history;

import java.time.Duration;

/** Waits that double from a least to a longest one. Not thread safe. */
final class Backoff {
  private final Duration min;
  private final Duration max;
  private Duration next;

  Backoff(Duration min, Duration max) {
    this.min = min;
    this.max = max;
    this.next = min;
  }

  /** The wait before the next try. */
  Duration next() {
    var now = next;
    var doubled = next.multipliedBy(2);
    next = doubled.compareTo(max) > 0 ? max : doubled;
    return now;
  }

  void reset() {
    next = min;
  }
}
