package org.brokecluster.coordinator.routing.queue;

import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.TrafficClass;

/** A request that can stand in the queue. Its class and arrival must not change meanwhile. */
public interface Waiter {
  /** The request. */
  RequestId request();

  /** How urgent it is. */
  TrafficClass trafficClass();

  /** Number that grows with each request, unique among all waiters. */
  long arrival();

  /** Monotonic time after which it need not wait any longer. */
  long deadlineMillis();
}
