package org.brokecluster.coordinator.routing.queue;

import org.brokecluster.protocol.id.RequestId;

/** A request that can stand in the queue. Whose it is and when it came never changes. */
public interface Waiter {
  /** The request. */
  RequestId request();

  /** Whose it is, and how urgent. */
  Flow flow();

  /** What it is expected to cost its flow, in tokens, at least 1. */
  double cost();

  /** How long it is expected to take, in any unit that is the same for all; at least 1. */
  default double work() {
    return cost();
  }

  /** Whether a prompt cache would forget another prompt for it, which somebody may go on with. */
  default boolean displaces() {
    return false;
  }

  /** Number that grows with each request, unique among all waiters. */
  long arrival();

  /** Monotonic time at which it came first. */
  long sinceMillis();

  /** Monotonic time after which it need not wait any longer. */
  long deadlineMillis();

  /** Whether it has been given a place before, which it lost: it is never pushed out. */
  boolean returning();
}
