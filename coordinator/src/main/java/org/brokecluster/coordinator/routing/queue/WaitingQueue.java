package org.brokecluster.coordinator.routing.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.TrafficClass;
import org.jspecify.annotations.Nullable;

/**
 * Requests without a place. Interactive ones come first, then those of agents, then batches; within
 * a class by {@link FairShares}, whose request would leave its flow with the lowest tag; of one
 * flow the shortest first, by expected work. Of people's requests the shorter go first beyond that:
 * {@link QueueSettings#shorterFirst} times its cost counts on top of what a request would leave its
 * flow with. So equal requests take turns strictly, and a short one need not wait until a long one
 * of somebody with less has had its turn, which shortens the mean wait.
 *
 * <p>Of agents and batches those come first whose prompt the cache of their place can take without
 * forgetting another one: so conversations under way are ended before further ones push them out of
 * the caches, and each prompt is read once. A flow that was given no place for half a minute is not
 * put back, so that everybody has one conversation under way.
 *
 * <p>Nobody starves: while some have waited for {@link QueueSettings#ageing(TrafficClass)}, every
 * {@link QueueSettings#oldestEvery}-th place given from the queue (fewer, {@link
 * QueueSettings#oldestEveryUnwatched}, while no person is among them) goes to the one of them that
 * came first, whatever its class. With {@code k} for that number, a request that has waited that
 * long, behind {@code n} that came before it, is served at the latest with the {@code k (n + 1)}-th
 * place from then on, counting places it can take.
 *
 * <p>A full queue makes room for whoever has less in it: see {@link #pushedOutBy}. Not thread safe.
 *
 * @param <W> what waits
 */
public final class WaitingQueue<W extends Waiter> {
  private static final List<TrafficClass> LEAST_URGENT_FIRST =
      List.of(TrafficClass.BATCH, TrafficClass.AGENT, TrafficClass.INTERACTIVE);

  private static final long LATELY_MS = 30_000;

  private final QueueSettings settings;
  private final FairShares shares;
  private final Map<TrafficClass, Map<Flow, SortedMap<Long, W>>> lines =
      new EnumMap<>(TrafficClass.class);

  /** Flows that were given a place within {@link #LATELY_MS}, the one given longest ago first. */
  private final Map<Flow, Long> lately = new LinkedHashMap<>();

  private final SortedMap<Long, W> byArrival = new TreeMap<>();
  private final Map<RequestId, W> byRequest = new HashMap<>();
  private int passedOver;

  /** An empty queue. */
  public WaitingQueue(QueueSettings settings) {
    this.settings = settings;
    this.shares =
        new FairShares(settings.shares(), settings.usersMax(), flow -> !line(flow).isEmpty());
    for (var each : TrafficClass.values()) {
      lines.put(each, new LinkedHashMap<>());
    }
  }

  /** What each flow has been given so far. */
  public FairShares shares() {
    return shares;
  }

  /** Requests that wait. */
  public int size() {
    return byRequest.size();
  }

  /** Whether this request waits. */
  public boolean contains(RequestId request) {
    return byRequest.containsKey(request);
  }

  /** Whether a request that comes for the first time finds no room. */
  public boolean isFull() {
    return byRequest.size() >= settings.size();
  }

  /**
   * Whether this request may wait. One that returns may come up to twice the bound, because it has
   * been let in before.
   */
  public boolean hasRoomFor(W waiter) {
    return !isFull() || (waiter.returning() && byRequest.size() < 2 * settings.size());
  }

  /**
   * Whom a newcomer pushes out of a full queue: the latest request of the flow that has most in the
   * least urgent class, if that is less urgent than the newcomer, or else has at least two more
   * than the newcomer's own flow. Nobody else can fill the queue for all by coming first.
   *
   * @return null if the newcomer itself has to stay out
   */
  public @Nullable W pushedOutBy(W newcomer) {
    var own = newcomer.flow().trafficClass();
    for (var each : LEAST_URGENT_FIRST) {
      var longest = each.compareTo(own) >= 0 ? longest(each) : null;
      if (longest != null) {
        boolean more = longest.size() > line(newcomer.flow()).size() + 1;
        return each != own || more ? latest(longest) : null;
      }
    }
    return null;
  }

  /** The line with most requests that can be pushed out; the first of equals; null if none can. */
  private @Nullable SortedMap<Long, W> longest(TrafficClass trafficClass) {
    SortedMap<Long, W> longest = null;
    for (var line : lines.getOrDefault(trafficClass, Map.of()).values()) {
      if (latest(line) != null && (longest == null || line.size() > longest.size())) {
        longest = line;
      }
    }
    return longest;
  }

  private @Nullable W latest(SortedMap<Long, W> line) {
    W latest = null;
    for (var each : line.values()) {
      latest = each.returning() ? latest : each;
    }
    return latest;
  }

  /**
   * Adds a request; whether there is room is asked before.
   *
   * @throws IllegalStateException if the request waits already
   */
  public void add(W waiter) {
    if (byRequest.putIfAbsent(waiter.request(), waiter) != null) {
      throw new IllegalStateException("request waits already: " + waiter.request());
    }
    if (line(waiter.flow()).isEmpty()) {
      shares.begins(waiter.flow());
    }
    join(waiter);
    byArrival.put(waiter.arrival(), waiter);
  }

  private void join(W waiter) {
    lines
        .computeIfAbsent(waiter.flow().trafficClass(), key -> new LinkedHashMap<>())
        .computeIfAbsent(waiter.flow(), key -> new TreeMap<>())
        .put(waiter.arrival(), waiter);
  }

  private void leave(W waiter) {
    var line = line(waiter.flow());
    line.remove(waiter.arrival());
    if (line.isEmpty()) {
      lines.getOrDefault(waiter.flow().trafficClass(), Map.of()).remove(waiter.flow());
    }
  }

  /** Removes a request; false if it did not wait. */
  public boolean remove(RequestId request) {
    var waiter = byRequest.remove(request);
    if (waiter == null) {
      return false;
    }
    byArrival.remove(waiter.arrival());
    leave(waiter);
    return true;
  }

  /**
   * A request is given a place, from the queue or at once: its flow is charged.
   *
   * @param queued whether it stood in the queue
   * @param asOldest whether that was the turn of the oldest
   */
  public void served(W waiter, long nowMillis, boolean queued, boolean asOldest) {
    if (line(waiter.flow()).isEmpty()) {
      shares.begins(waiter.flow());
    }
    shares.served(waiter.flow(), waiter.cost());
    given(waiter.flow(), nowMillis);
    if (asOldest) {
      passedOver = 0;
    } else if (queued && hasOld(nowMillis)) {
      passedOver++;
    }
  }

  private void given(Flow flow, long nowMillis) {
    lately.remove(flow);
    lately.put(flow, nowMillis);
    lately.values().removeIf(given -> nowMillis - given >= LATELY_MS);
    if (lately.size() > settings.usersMax()) {
      lately.remove(lately.keySet().iterator().next());
    }
  }

  /** Whether the next place goes to the oldest that can take it. */
  public boolean isOldestsTurn(long nowMillis) {
    if (passedOver < Math.min(settings.oldestEvery(), settings.oldestEveryUnwatched()) - 1) {
      return false;
    }
    int every = Integer.MAX_VALUE;
    for (var waiter : byArrival.values()) {
      if (isOld(waiter, nowMillis)) {
        every = Math.min(every, settings.oldestEvery(waiter.flow().trafficClass()));
      }
    }
    return every < Integer.MAX_VALUE && passedOver >= every - 1;
  }

  private boolean hasOld(long nowMillis) {
    for (var waiter : byArrival.values()) {
      if (isOld(waiter, nowMillis)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOld(W waiter, long nowMillis) {
    var ageing = settings.ageing(waiter.flow().trafficClass());
    return nowMillis - waiter.sinceMillis() >= ageing.toMillis();
  }

  /** Those that have waited for long, in order of arrival. */
  public List<W> old(long nowMillis) {
    var old = new ArrayList<W>();
    for (var waiter : byArrival.values()) {
      if (isOld(waiter, nowMillis)) {
        old.add(waiter);
      }
    }
    return old;
  }

  /** Place of a request, from 1; 0 if it does not wait. */
  public int position(RequestId request) {
    int position = 0;
    for (var waiter : contains(request) ? inOrder() : List.<W>of()) {
      position++;
      if (waiter.request().equals(request)) {
        return position;
      }
    }
    return 0;
  }

  /** Everything that waits, in the order in which it came; changes with the queue. */
  public Collection<W> inArrival() {
    return Collections.unmodifiableCollection(byArrival.values());
  }

  /** Everything that waits, in the order in which it is served but for the turns of the oldest. */
  public List<W> inOrder() {
    var all = new ArrayList<W>(byRequest.size());
    for (var each : lines.entrySet()) {
      int from = all.size();
      appendInOrder(each.getValue(), all);
      if (each.getKey() != TrafficClass.INTERACTIVE) {
        cachedFirst(all.subList(from, all.size()));
      }
    }
    return all;
  }

  /** Puts back those that displace others' prompts, unless their flow was given nothing lately. */
  private void cachedFirst(List<W> inTurn) {
    inTurn.sort(
        Comparator.comparing(waiter -> waiter.displaces() && lately.containsKey(waiter.flow())));
  }

  /** What would be served before a request that is not here yet, in order. */
  public List<W> before(W newcomer) {
    if (line(newcomer.flow()).isEmpty()) {
      shares.begins(newcomer.flow());
    }
    join(newcomer);
    var order = inOrder();
    leave(newcomer);
    return List.copyOf(order.subList(0, order.indexOf(newcomer)));
  }

  /** Plays the turns of one class: the lowest finish tag first, then the earlier arrival. */
  private void appendInOrder(Map<Flow, SortedMap<Long, W>> flows, List<W> all) {
    var heads = new PriorityQueue<Head<W>>(Math.max(1, flows.size()));
    flows.forEach(
        (flow, line) ->
            heads.add(
                new Head<>(
                    shares,
                    settings.shorterFirst(flow.trafficClass()),
                    shares.tag(flow),
                    shortestFirst(line))));
    while (!heads.isEmpty()) {
      var head = heads.remove();
      all.add(head.waiter);
      if (head.next()) {
        heads.add(head);
      }
    }
  }

  private Iterator<W> shortestFirst(SortedMap<Long, W> line) {
    if (line.size() == 1) {
      return line.values().iterator();
    }
    var sorted = new ArrayList<>(line.values());
    sorted.sort(Comparator.comparingDouble(Waiter::work));
    return sorted.iterator();
  }

  /** The first request of a flow's line that is not in order yet. */
  private static final class Head<W extends Waiter> implements Comparable<Head<W>> {
    private static final Comparator<Head<?>> ORDER =
        Comparator.<Head<?>>comparingDouble(head -> head.finish + head.surcharge())
            .thenComparingLong(head -> head.waiter.arrival());

    private final Iterator<W> line;
    private final FairShares shares;
    private final double shorterFirst;
    private double finish;
    private W waiter;

    Head(FairShares shares, double shorterFirst, double tag, Iterator<W> line) {
      this.shares = shares;
      this.shorterFirst = shorterFirst;
      this.line = line;
      this.waiter = line.next();
      this.finish = tag + shares.share(waiter.flow(), waiter.cost());
    }

    private double surcharge() {
      return shorterFirst * waiter.cost();
    }

    boolean next() {
      boolean more = line.hasNext();
      if (more) {
        waiter = line.next();
        finish += shares.share(waiter.flow(), waiter.cost());
      }
      return more;
    }

    @Override
    public int compareTo(Head<W> other) {
      return ORDER.compare(this, other);
    }
  }

  /** Requests whose time is over, in the order in which they came. */
  public List<W> expired(long nowMillis) {
    return byArrival.values().stream()
        .filter(waiter -> waiter.deadlineMillis() <= nowMillis)
        .toList();
  }

  private SortedMap<Long, W> line(Flow flow) {
    var line = lines.getOrDefault(flow.trafficClass(), Map.of()).get(flow);
    return line == null ? new TreeMap<>() : line;
  }
}
