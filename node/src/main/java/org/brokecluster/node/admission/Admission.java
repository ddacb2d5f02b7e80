package org.brokecluster.node.admission;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.node.NodeProtocol.TicketRefusal;
import org.jspecify.annotations.Nullable;

/**
 * Which tickets this node takes and which attempts hold a slot. An attempt is open from its
 * admission to its end; it wants a slot once its prompt is complete, and gives it back when its
 * runtime has ended, perhaps long before its client has read everything.
 *
 * <p>Each model has as many slots as it runs streams side by side, and at most that many further
 * tickets wait. Ended and cancelled attempts are remembered for a while, so that nothing is made
 * twice and a cancel that overtakes its ticket wins.
 *
 * <p>Pure and not thread safe.
 */
public final class Admission {
  private enum Phase {
    /** Its prompt is on the way. */
    PROMPT,
    /** It waits for a slot. */
    QUEUED,
    /** It holds a slot. */
    RUNNING,
    /** Its slot is free again; what it made is on the way to its edge. */
    FLUSHING
  }

  private static final class Open {
    private final ModelId model;
    private Order order;
    private Phase phase = Phase.PROMPT;

    private Open(Order order) {
      this.model = order.model();
      this.order = order;
    }
  }

  /** One model's slots and queue. */
  private static final class Lane {
    private final ArrayDeque<AttemptId> queue = new ArrayDeque<>();
    private int slots;
    private int running;
    private int admitted;
  }

  private final int tombstonesMax;
  private final Map<AttemptId, Open> open = new LinkedHashMap<>();
  private final Map<ModelId, Lane> lanes = new LinkedHashMap<>();
  private final Set<AttemptId> tombstones = new LinkedHashSet<>();
  private long termSeen;
  private long ticketSeen;
  private boolean draining;

  /**
   * An empty node.
   *
   * @param tombstonesMax ended and cancelled attempts remembered, at least 1
   * @param termSeen highest router term this host has seen in its life so far, 0 if none
   * @param draining whether the node takes no new work
   */
  public Admission(int tombstonesMax, long termSeen, boolean draining) {
    this.tombstonesMax = tombstonesMax;
    this.termSeen = termSeen;
    this.draining = draining;
  }

  /**
   * Decides on a ticket. Tickets of an older router are refused whatever they are about.
   *
   * @param slots streams the model runs side by side here now; 0 if it cannot be served
   */
  public Verdict offer(Order order, int slots) {
    if (order.term() < termSeen) {
      return new Verdict.Refused(TicketRefusal.STALE_TERM, termSeen);
    }
    see(order);
    if (tombstones.contains(order.attempt())) {
      return new Verdict.Over();
    }
    var known = open.get(order.attempt());
    if (known != null) {
      known.order = order;
      return new Verdict.Again(stage(known.phase));
    }
    return admit(order, slots);
  }

  private static Verdict.Stage stage(Phase phase) {
    return switch (phase) {
      case PROMPT, QUEUED -> Verdict.Stage.WAITING;
      case RUNNING -> Verdict.Stage.RUNNING;
      case FLUSHING -> Verdict.Stage.SLOT_FREED;
    };
  }

  private void see(Order order) {
    if (order.term() > termSeen) {
      termSeen = order.term();
      ticketSeen = 0;
    }
    ticketSeen = Math.max(ticketSeen, order.number());
  }

  private Verdict admit(Order order, int slots) {
    if (draining) {
      return new Verdict.Refused(TicketRefusal.DRAINING, termSeen);
    }
    if (slots < 1) {
      return new Verdict.Refused(TicketRefusal.MODEL_UNAVAILABLE, termSeen);
    }
    var lane = lanes.computeIfAbsent(order.model(), model -> new Lane());
    lane.slots = slots;
    if (lane.admitted >= 2 * slots) {
      return new Verdict.Refused(TicketRefusal.FULL, termSeen);
    }
    lane.admitted++;
    open.put(order.attempt(), new Open(order));
    return new Verdict.Admitted();
  }

  /** The attempt's prompt is complete: it waits for a slot from now on. */
  public void promptComplete(AttemptId attempt) {
    var known = open.get(attempt);
    if (known == null || known.phase != Phase.PROMPT) {
      return;
    }
    known.phase = Phase.QUEUED;
    lane(known.model).queue.add(attempt);
  }

  /** Gives the next free slot away; to be called until there is nothing to give. */
  public Optional<AttemptId> grant() {
    for (var lane : lanes.values()) {
      if (lane.running < lane.slots && !lane.queue.isEmpty()) {
        var next = lane.queue.remove();
        lane.running++;
        opened(next).phase = Phase.RUNNING;
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  /**
   * The attempt's runtime has ended, or will never start; the attempt stays open.
   *
   * @return the ticket to close at the router, or nothing if that is done already
   */
  public Optional<Order> slotFreed(AttemptId attempt) {
    var known = open.get(attempt);
    if (known == null || known.phase == Phase.FLUSHING) {
      return Optional.empty();
    }
    leaveLane(known, attempt);
    known.phase = Phase.FLUSHING;
    return Optional.of(known.order);
  }

  /**
   * The attempt is over in every respect, and remembered as such.
   *
   * @return the ticket to close at the router, or nothing if that is done already
   */
  public Optional<Order> ended(AttemptId attempt) {
    var freed = slotFreed(attempt);
    if (open.remove(attempt) != null) {
      remember(attempt);
    }
    return freed;
  }

  /**
   * Takes an attempt back. If it is open it stays so until {@link #ended}, which its actor brings
   * about; if it has not been heard of, its ticket will come to nothing.
   *
   * @return whether it is open
   */
  public boolean cancel(AttemptId attempt) {
    remember(attempt);
    return open.containsKey(attempt);
  }

  /** Starts or ends a drain: open attempts go on, new ones are refused. */
  public void drain(boolean on) {
    draining = on;
  }

  /** The model's slots have changed; what holds one keeps it. At least one is left to end by. */
  public void slots(ModelId model, int slots) {
    var lane = lanes.get(model);
    if (lane != null) {
      lane.slots = Math.max(1, slots);
    }
  }

  private void leaveLane(Open known, AttemptId attempt) {
    var lane = lane(known.model);
    lane.admitted--;
    switch (known.phase) {
      case RUNNING -> lane.running--;
      case QUEUED -> lane.queue.remove(attempt);
      case PROMPT, FLUSHING -> {}
    }
    if (lane.admitted == 0) {
      lanes.remove(known.model);
    }
  }

  private Lane lane(ModelId model) {
    return present(lanes.get(model), "lane");
  }

  private Open opened(AttemptId attempt) {
    return present(open.get(attempt), "attempt");
  }

  private static <T> T present(@Nullable T value, String what) {
    if (value == null) {
      throw new IllegalStateException("admission lost track of a " + what);
    }
    return value;
  }

  private void remember(AttemptId attempt) {
    tombstones.remove(attempt);
    tombstones.add(attempt);
    if (tombstones.size() > tombstonesMax) {
      Iterator<AttemptId> eldest = tombstones.iterator();
      eldest.next();
      eldest.remove();
    }
  }

  /** Highest router term seen, 0 if none. */
  public long termSeen() {
    return termSeen;
  }

  /** Highest ticket number of that term, 0 if none. */
  public long ticketSeen() {
    return ticketSeen;
  }

  /** Numbers of that term's tickets that run or wait here, ascending. */
  public List<Long> openTickets() {
    return open.values().stream()
        .filter(known -> known.phase != Phase.FLUSHING && known.order.term() == termSeen)
        .map(known -> known.order.number())
        .sorted()
        .toList();
  }

  /** The ticket an open attempt runs under. */
  public Optional<Order> order(AttemptId attempt) {
    return Optional.ofNullable(open.get(attempt)).map(known -> known.order);
  }

  /** Whether the attempt's prompt has come, so that its edge is known to own it. */
  public boolean begun(AttemptId attempt) {
    var known = open.get(attempt);
    return known != null && known.phase != Phase.PROMPT;
  }

  /** Attempts of a model that hold a slot. */
  public int running(ModelId model) {
    var lane = lanes.get(model);
    return lane == null ? 0 : lane.running;
  }

  /** Attempts of a model that are admitted and have no slot yet. */
  public int waiting(ModelId model) {
    var lane = lanes.get(model);
    return lane == null ? 0 : lane.admitted - lane.running;
  }

  /** Attempts that hold a slot, of all models. */
  public int running() {
    return lanes.values().stream().mapToInt(lane -> lane.running).sum();
  }

  /** Attempts that are admitted and have no slot yet, of all models. */
  public int waiting() {
    return lanes.values().stream().mapToInt(lane -> lane.admitted - lane.running).sum();
  }

  /** Open attempts, whether waiting, running or on the way to their edges. */
  public int open() {
    return open.size();
  }

  /** Ended and cancelled attempts remembered. */
  public int tombstones() {
    return tombstones.size();
  }

  /** Whether the node takes no new work. */
  public boolean draining() {
    return draining;
  }
}
