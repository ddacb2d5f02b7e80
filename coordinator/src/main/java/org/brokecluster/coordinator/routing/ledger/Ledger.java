package org.brokecluster.coordinator.routing.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.coordinator.routing.queue.Flow;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * All work in flight. The router's view of a node is what the node last reported plus the tickets
 * it cannot have known of when it did. A ticket that the node must have seen (its number is covered
 * by the report) and that is missing from two reports, or from the latest for two seconds, is given
 * up: its end was lost on the way.
 *
 * <p>Bounded by the slots of the nodes, since a ticket is sent only where one is free. Not thread
 * safe.
 */
public final class Ledger {
  private final Map<NodeId, NodeWork> nodes = new HashMap<>();
  private final Map<AttemptId, OpenTicket> byAttempt = new HashMap<>();

  /** Work on this node; an idle one if nothing is known. */
  public NodeWork work(NodeId node) {
    var work = nodes.get(node);
    return work == null ? new NodeWork(node) : work;
  }

  /** The ticket of an attempt, or null if none is out. */
  public @Nullable OpenTicket find(AttemptId attempt) {
    return byAttempt.get(attempt);
  }

  /** Tickets that are out, by node; nodes without any are left out. */
  public Map<NodeId, Integer> openByNode() {
    var open = new TreeMap<NodeId, Integer>();
    nodes.forEach(
        (node, work) -> {
          if (work.open() > 0) {
            open.put(node, work.open());
          }
        });
    return open;
  }

  /** Every ticket that is out. */
  public Collection<OpenTicket> tickets() {
    return Collections.unmodifiableCollection(byAttempt.values());
  }

  /** Number of tickets that are out. */
  public int size() {
    return byAttempt.size();
  }

  /**
   * Numbers and enters a new ticket.
   *
   * @throws IllegalStateException if the attempt has one already
   */
  public OpenTicket open(
      AttemptId attempt, NodeId node, ModelId model, Flow flow, long nowMillis, double finishMs) {
    if (byAttempt.containsKey(attempt)) {
      throw new IllegalStateException("attempt has a ticket already: " + attempt);
    }
    var work = nodes.computeIfAbsent(node, NodeWork::new);
    var ticket = work.open(attempt, model, flow, nowMillis, finishMs);
    byAttempt.put(attempt, ticket);
    return ticket;
  }

  /** The node said that the ticket's slot is free again. */
  public void close(OpenTicket ticket) {
    remove(ticket, true);
  }

  /** The ticket is taken back; what the node still does with it counts as the node reports it. */
  public void takeBack(OpenTicket ticket) {
    remove(ticket, false);
  }

  /** Takes a node's report; answers the tickets found to be gone, which are removed. */
  public List<OpenTicket> reconcile(NodeState state, long term, long nowMillis) {
    var work = nodes.computeIfAbsent(state.name(), NodeWork::new);
    var gone = work.reconcile(state, term, nowMillis);
    gone.forEach(ticket -> byAttempt.remove(ticket.attempt()));
    return gone;
  }

  /** Removes tickets that their nodes have not had for a while; answers them. */
  public List<OpenTicket> overdue(long nowMillis) {
    var gone = new ArrayList<OpenTicket>();
    nodes.values().forEach(work -> gone.addAll(work.overdue(nowMillis)));
    gone.forEach(ticket -> byAttempt.remove(ticket.attempt()));
    return gone;
  }

  /** The node is gone, with all its work; answers the tickets that were out. */
  public List<OpenTicket> drop(NodeId node) {
    var work = nodes.remove(node);
    if (work == null) {
      return List.of();
    }
    var tickets = work.tickets();
    tickets.forEach(ticket -> byAttempt.remove(ticket.attempt()));
    return tickets;
  }

  private void remove(OpenTicket ticket, boolean closed) {
    byAttempt.remove(ticket.attempt());
    var work = nodes.get(ticket.node());
    if (work != null) {
      work.remove(ticket, closed);
    }
  }
}
