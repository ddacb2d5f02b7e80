package org.brokecluster.coordinator.routing.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.routing.queue.Flow;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * Work in flight on one node: the tickets that are out, and what the node reports beyond them (work
 * of an earlier term, and tickets taken back that still run).
 */
public final class NodeWork {
  private static final int CLOSED_MAX = 1024;
  private static final int MISSES_TO_FREE = 2;

  /** A node that is idle reports no second time, so that one report does after a while. */
  private static final long MISSING_MS = 2_000;

  private final NodeId node;
  private final Map<Long, Held> held = new LinkedHashMap<>();
  private final Map<ModelId, Lane> lanes = new HashMap<>();
  private final Map<Long, ModelId> closedUnreported = new LinkedHashMap<>();
  private long lastNumber;
  private long lastReport = -1;
  private int total;
  private int busy;

  NodeWork(NodeId node) {
    this.node = node;
  }

  /** A ticket with the number of reports that should have shown it and did not. */
  private static final class Held {
    private final OpenTicket ticket;
    private int misses;
    private long missedMillis;

    Held(OpenTicket ticket) {
      this.ticket = ticket;
    }
  }

  /** Work of one model. */
  private static final class Lane {
    private final List<OpenTicket> tickets = new ArrayList<>(4);
    private int foreign;

    int size() {
      return tickets.size() + foreign;
    }
  }

  /** Attempts of this model that run or wait on the node. */
  public int inFlight(ModelId model) {
    var lane = lanes.get(model);
    return lane == null ? 0 : lane.size();
  }

  /** Attempts of all models that run or wait on the node. */
  public int total() {
    return total;
  }

  /** Models that have work on the node. */
  public int busyModels() {
    return busy;
  }

  /** Tickets that are out to this node. */
  public int open() {
    return held.size();
  }

  /** Tickets of this model that are out to this node. */
  public int open(ModelId model) {
    var lane = lanes.get(model);
    return lane == null ? 0 : lane.tickets.size();
  }

  /** Shortest predicted time until an attempt of this model ends, or -1 if no ticket is known. */
  public double soonestMs(ModelId model, long nowMillis) {
    var lane = lanes.get(model);
    return lane == null ? -1 : soonest(lane.tickets, nowMillis);
  }

  /** Shortest predicted time until any attempt on the node ends, or -1 if no ticket is known. */
  public double soonestMs(long nowMillis) {
    double soonest = -1;
    for (var lane : lanes.values()) {
      double each = soonest(lane.tickets, nowMillis);
      soonest = soonest < 0 || (each >= 0 && each < soonest) ? each : soonest;
    }
    return soonest;
  }

  /** Predicted time that all attempts of this model still take, added up. */
  public double leftMs(ModelId model, long nowMillis) {
    var lane = lanes.get(model);
    return lane == null ? 0 : left(lane.tickets, nowMillis);
  }

  /** Predicted time that all attempts on the node still take, added up. */
  public double leftMs(long nowMillis) {
    double left = 0;
    for (var lane : lanes.values()) {
      left += left(lane.tickets, nowMillis);
    }
    return left;
  }

  private static double left(List<OpenTicket> tickets, long nowMillis) {
    double left = 0;
    for (int i = 0; i < tickets.size(); i++) {
      left += tickets.get(i).remainingMs(nowMillis);
    }
    return left;
  }

  /** Time since the oldest ticket of this model was sent, or -1 if none is out. */
  public double oldestMs(ModelId model, long nowMillis) {
    var lane = lanes.get(model);
    return lane == null || lane.tickets.isEmpty()
        ? -1
        : nowMillis - lane.tickets.get(0).sinceMillis();
  }

  private static double soonest(List<OpenTicket> tickets, long nowMillis) {
    double soonest = -1;
    for (int i = 0; i < tickets.size(); i++) {
      double each = tickets.get(i).remainingMs(nowMillis);
      soonest = soonest < 0 || each < soonest ? each : soonest;
    }
    return soonest;
  }

  OpenTicket open(AttemptId attempt, ModelId model, Flow flow, long nowMillis, double finishMs) {
    var ticket = new OpenTicket(attempt, node, model, flow, ++lastNumber, nowMillis, finishMs);
    held.put(ticket.number(), new Held(ticket));
    lane(model).tickets.add(ticket);
    recount();
    return ticket;
  }

  /** Removes a ticket; {@code closed} if the node said so, so that a late report is understood. */
  void remove(OpenTicket ticket, boolean closed) {
    if (held.remove(ticket.number()) == null) {
      return;
    }
    lane(ticket.model()).tickets.remove(ticket);
    if (closed) {
      closedUnreported.put(ticket.number(), ticket.model());
      dropOldest(closedUnreported);
    }
    recount();
  }

  /** Takes a report; answers the tickets that are found to be gone. */
  List<OpenTicket> reconcile(NodeState state, long term, long nowMillis) {
    boolean isNew = state.echo().reports() > lastReport;
    lastReport = Math.max(lastReport, state.echo().reports());
    boolean ours = state.echo().term() == term;
    Set<Long> reported = ours ? new HashSet<>(state.echo().open()) : Set.of();
    var gone =
        ours && isNew ? missing(state.echo().ticket(), reported, nowMillis) : List.<OpenTicket>of();
    gone.forEach(ticket -> remove(ticket, false));
    if (ours) {
      closedUnreported
          .keySet()
          .removeIf(number -> number <= state.echo().ticket() && !reported.contains(number));
    }
    countForeign(state, reported);
    return gone;
  }

  /** Removes tickets that have been missing for a while; answers them. */
  List<OpenTicket> overdue(long nowMillis) {
    var gone = new ArrayList<OpenTicket>();
    for (var each : held.values()) {
      if (each.misses > 0 && nowMillis - each.missedMillis >= MISSING_MS) {
        gone.add(each.ticket);
      }
    }
    gone.forEach(ticket -> remove(ticket, false));
    return gone;
  }

  /** Every ticket that is out, in the order they were sent. */
  public List<OpenTicket> tickets() {
    return held.values().stream().map(each -> each.ticket).toList();
  }

  private List<OpenTicket> missing(long ticketSeen, Set<Long> reported, long nowMillis) {
    var gone = new ArrayList<OpenTicket>();
    for (var each : held.values()) {
      long number = each.ticket.number();
      if (number <= ticketSeen && !reported.contains(number)) {
        each.missedMillis = each.misses == 0 ? nowMillis : each.missedMillis;
        each.misses++;
        if (each.misses >= MISSES_TO_FREE) {
          gone.add(each.ticket);
        }
      } else {
        each.misses = 0;
      }
    }
    return gone;
  }

  private void countForeign(NodeState state, Set<Long> reported) {
    var ours = new HashMap<ModelId, Integer>();
    for (var number : reported) {
      var model = modelOf(number);
      if (model != null) {
        ours.merge(model, 1, Integer::sum);
      }
    }
    lanes.values().forEach(lane -> lane.foreign = 0);
    for (var model : state.models()) {
      var id = model.facts().id();
      int all = model.load().running() + model.load().waiting();
      int foreign = all - ours.getOrDefault(id, 0);
      if (foreign > 0) {
        lane(id).foreign = foreign;
      }
    }
    lanes.values().removeIf(lane -> lane.size() == 0);
    recount();
  }

  private @Nullable ModelId modelOf(long number) {
    var open = held.get(number);
    return open != null ? open.ticket.model() : closedUnreported.get(number);
  }

  private Lane lane(ModelId model) {
    return lanes.computeIfAbsent(model, key -> new Lane());
  }

  private void recount() {
    total = 0;
    busy = 0;
    for (var lane : lanes.values()) {
      total += lane.size();
      busy += lane.size() > 0 ? 1 : 0;
    }
  }

  private static void dropOldest(Map<Long, ModelId> map) {
    if (map.size() > CLOSED_MAX) {
      Iterator<Long> oldest = map.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }
}
