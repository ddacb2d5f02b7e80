package org.brokecluster.node;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The little a node knows beyond the life of a membership. Thread safe. */
final class LastingState {
  private final AtomicLong termSeen = new AtomicLong();
  private final AtomicBoolean draining = new AtomicBoolean();

  /** Highest router term seen in the life of this host, 0 if none. */
  long termSeen() {
    return termSeen.get();
  }

  /** Notes a term; a lower one than known changes nothing. */
  void sawTerm(long term) {
    termSeen.accumulateAndGet(term, Math::max);
  }

  /** Whether the node takes no new work. */
  boolean draining() {
    return draining.get();
  }

  /** Starts or ends a drain. */
  void drain(boolean on) {
    draining.set(on);
  }
}
