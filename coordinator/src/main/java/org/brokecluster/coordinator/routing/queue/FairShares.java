package org.brokecluster.coordinator.routing.queue;

import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.brokecluster.protocol.router.TrafficClass;

/**
 * How much each flow has been given, as start-time fair queueing counts it (Goyal, Vin and Cheng,
 * SIGCOMM 1996), with tokens as the measure (see {@link TokenCost}). Within a class the flow is
 * served next whose tag would be the lowest after it; serving it raises its tag by the cost over
 * its weight. A flow that begins to wait starts at the virtual time of its class, the tag served
 * last, so that silence earns nothing. The expected cost is put right when the real one is known.
 *
 * <p>While two flows wait without a break for places that both could take, what they are given
 * differs by at most one request of each, over their weights, and by {@link
 * QueueSettings#shorterFirst} times the largest request.
 *
 * <p>Pure; not thread safe. Bounded: tags at or below the virtual time say nothing and go first.
 */
public final class FairShares {
  private final Map<String, Double> weights;
  private final int flowsMax;
  private final Predicate<Flow> waiting;
  private final Map<Flow, Double> tags = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<TrafficClass, Double> virtual = new EnumMap<>(TrafficClass.class);

  /**
   * Nobody has been given anything yet.
   *
   * @param weights of users by name, above 0; others have 1
   * @param flowsMax flows remembered, at least 1
   * @param waiting whether a flow waits, and so must not be forgotten
   */
  public FairShares(Map<String, Double> weights, int flowsMax, Predicate<Flow> waiting) {
    this.weights = Map.copyOf(weights);
    this.waiting = waiting;
    this.flowsMax = flowsMax;
  }

  /** The flow has a request where it had none waiting: silence until now earns nothing. */
  public void begins(Flow flow) {
    set(flow, Math.max(tag(flow), now(flow.trafficClass())));
  }

  /** The flow is given a place for a request of this cost. */
  public void served(Flow flow, double cost) {
    double tag = tag(flow);
    virtual.merge(flow.trafficClass(), tag, Math::max);
    set(flow, tag + share(flow, cost));
  }

  /** What was charged was too little, or too much where {@code cost} is below 0. */
  public void correct(Flow flow, double cost) {
    if (tags.containsKey(flow)) {
      set(flow, Math.max(0, tag(flow) + share(flow, cost)));
    }
  }

  /** The flow's tag: the lower, the sooner its turn. */
  public double tag(Flow flow) {
    return tags.getOrDefault(flow, 0.0);
  }

  /** How far a request of this cost raises the flow's tag. */
  public double share(Flow flow, double cost) {
    return cost / weights.getOrDefault(flow.user(), 1.0);
  }

  /** Flows remembered. */
  public int size() {
    return tags.size();
  }

  /** Drops what says nothing any more once there is too much; never a flow that waits. */
  private void shrink() {
    if (tags.size() <= flowsMax) {
      return;
    }
    tags.entrySet()
        .removeIf(
            entry ->
                !waiting.test(entry.getKey())
                    && entry.getValue() <= now(entry.getKey().trafficClass()));
    Iterator<Flow> eldest = tags.keySet().iterator();
    while (tags.size() > flowsMax && eldest.hasNext()) {
      if (!waiting.test(eldest.next())) {
        eldest.remove();
      }
    }
  }

  private double now(TrafficClass trafficClass) {
    return virtual.getOrDefault(trafficClass, 0.0);
  }

  private void set(Flow flow, double tag) {
    tags.put(flow, tag);
    shrink();
  }
}
