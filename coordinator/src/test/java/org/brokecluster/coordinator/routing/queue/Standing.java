package org.brokecluster.coordinator.routing.queue;

import java.time.Duration;
import java.util.Map;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.TrafficClass;

/** A request in a queue of a test, and such queues. */
record Standing(
    String name,
    Flow flow,
    double cost,
    long arrival,
    long sinceMillis,
    boolean returning,
    boolean displaces)
    implements Waiter {
  /** Every so many places is the oldest's turn. */
  static final int EVERY = 4;

  /** The same where nobody watches. */
  static final int EVERY_UNWATCHED = 6;

  Standing(String name, Flow flow, double cost, long arrival, long sinceMillis, boolean returning) {
    this(name, flow, cost, arrival, sinceMillis, returning, false);
  }

  static WaitingQueue<Standing> queue(int size, Map<String, Double> shares) {
    return queue(size, shares, 0);
  }

  static WaitingQueue<Standing> queue(int size, Map<String, Double> shares, double shorterFirst) {
    return new WaitingQueue<>(
        new QueueSettings(
            size,
            100,
            100,
            shares,
            50,
            shorterFirst,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            EVERY,
            EVERY_UNWATCHED,
            8,
            Duration.ofSeconds(15)));
  }

  static Flow flow(String user) {
    return new Flow(TrafficClass.INTERACTIVE, user);
  }

  static Standing person(String name, String user, double cost, long arrival) {
    return new Standing(name, flow(user), cost, arrival, 0, false);
  }

  static Standing waiter(String name, TrafficClass trafficClass, long arrival) {
    return new Standing(name, new Flow(trafficClass, "ada"), 100, arrival, 0, false);
  }

  static Standing agent(String name, Flow flow, long arrival, boolean displaces) {
    return new Standing(name, flow, 100, arrival, 0, false, displaces);
  }

  @Override
  public RequestId request() {
    return RequestId.of(name);
  }

  @Override
  public long deadlineMillis() {
    return 1_000 + arrival;
  }
}
