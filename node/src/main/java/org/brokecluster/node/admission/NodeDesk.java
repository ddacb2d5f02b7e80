package org.brokecluster.node.admission;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.jspecify.annotations.Nullable;

/**
 * What a node does with tickets, cancels and beats: takes them as {@link Admission} decides, begins
 * and ends attempts, gives slots away, and tells routers and edges about it. Knows no actor, clock
 * or thread: messages leave through a port, time comes in as nanoseconds of a monotonic clock.
 *
 * @param <E> what names an edge
 * @param <T> a ticket with everything its attempt needs
 */
public final class NodeDesk<E, T extends NodeDesk.Claim<E>> {

  /** A ticket as the desk sees it. */
  public interface Claim<E> {
    /** What admission needs to know of it. */
    Order order();

    /** The edge that owns the attempt. */
    E edge();
  }

  /** Where the desk's messages go, and who carries attempts out. */
  public interface Port<E, T> {
    /** Begins an attempt. */
    void open(T ticket);

    /** To an attempt: its ticket came again. */
    void again(T ticket);

    /** To an attempt: it has a slot. */
    void grant(AttemptId attempt);

    /** To an attempt: stop now; with a failure, tell the edge of it. */
    void abort(AttemptId attempt, @Nullable AttemptFailure failure);

    /** To the ticket's router: its slot is taken. */
    void started(T ticket);

    /** To the ticket's router: the slot of this order is free. */
    void closed(T ticket, Order order);

    /** To the ticket's router: it is not taken. */
    void refused(T ticket, Verdict.Refused verdict);

    /** To an edge: it believes an attempt to be open here that is not. */
    void unknown(E edge, AttemptId attempt);

    /** To an edge: this node lives, and these of its attempts are open here. */
    void beat(E edge, List<AttemptId> attempts);

    /** For the log: an edge is silent, so many of its attempts are taken back. */
    void silent(E edge, int attempts);

    /** What is told to everybody has changed. */
    void changed();
  }

  private final Admission admission;
  private final EdgeWatch<E> edges;
  private final Port<E, T> port;
  private final Map<AttemptId, T> open = new LinkedHashMap<>();

  /** A desk without attempts. */
  public NodeDesk(Admission admission, EdgeWatch<E> edges, Port<E, T> port) {
    this.admission = admission;
    this.edges = edges;
    this.port = port;
  }

  /** What is admitted, for reports. */
  public Admission admission() {
    return admission;
  }

  /** Open attempts. */
  public int open() {
    return open.size();
  }

  /**
   * A ticket came.
   *
   * @param slots streams its model runs side by side here now; 0 if it cannot be served
   */
  public void ticket(T ticket, int slots) {
    var verdict = admission.offer(ticket.order(), slots);
    if (verdict instanceof Verdict.Admitted) {
      open.put(ticket.order().attempt(), ticket);
      port.open(ticket);
    } else if (verdict instanceof Verdict.Again again) {
      reopen(ticket, again);
    } else if (verdict instanceof Verdict.Over) {
      port.closed(ticket, ticket.order());
    } else if (verdict instanceof Verdict.Refused refused) {
      port.refused(ticket, refused);
    }
    changed();
  }

  private void reopen(T ticket, Verdict.Again again) {
    var attempt = ticket.order().attempt();
    if (open.replace(attempt, ticket) == null) {
      return;
    }
    port.again(ticket);
    switch (again.stage()) {
      case WAITING -> {}
      case RUNNING -> port.started(ticket);
      case SLOT_FREED -> admission.order(attempt).ifPresent(order -> port.closed(ticket, order));
    }
  }

  /** An attempt's prompt is there. */
  public void promptComplete(AttemptId attempt) {
    admission.promptComplete(attempt);
    changed();
  }

  /** An attempt's runtime has ended. */
  public void slotFreed(AttemptId attempt) {
    admission.slotFreed(attempt).ifPresent(this::close);
    changed();
  }

  /** An attempt is over. */
  public void gone(AttemptId attempt) {
    admission.ended(attempt).ifPresent(this::close);
    open.remove(attempt);
    changed();
  }

  private void close(Order order) {
    var ticket = open.get(order.attempt());
    if (ticket != null) {
      port.closed(ticket, order);
    }
  }

  /** Somebody takes an attempt back, perhaps before its ticket has come. */
  public void cancel(AttemptId attempt) {
    abort(attempt, null);
    changed();
  }

  /** Breaks off everything that is open. */
  public void abortAll(@Nullable AttemptFailure failure) {
    List.copyOf(open.keySet()).forEach(attempt -> abort(attempt, failure));
  }

  private void abort(AttemptId attempt, @Nullable AttemptFailure failure) {
    if (admission.cancel(attempt) && open.containsKey(attempt)) {
      port.abort(attempt, failure);
    }
  }

  /**
   * An edge lives.
   *
   * @param listed attempts it believes to be open here
   */
  public void edgeBeat(E edge, List<AttemptId> listed, long now) {
    var begun = new ArrayList<AttemptId>();
    open.forEach(
        (attempt, ticket) -> {
          if (ticket.edge().equals(edge) && admission.begun(attempt)) {
            begun.add(attempt);
          }
        });
    var disagreement = edges.beat(edge, listed, begun, open.keySet(), now);
    disagreement.forgotten().forEach(attempt -> abort(attempt, null));
    disagreement.unknown().forEach(attempt -> port.unknown(edge, attempt));
    if (!disagreement.forgotten().isEmpty()) {
      changed();
    }
  }

  /** Time for signs of life; edges that gave none for too long lose their attempts. */
  public void tick(long now) {
    var byEdge = new LinkedHashMap<E, List<AttemptId>>();
    var owners = new HashSet<E>();
    open.forEach(
        (attempt, ticket) -> {
          byEdge.computeIfAbsent(ticket.edge(), absent -> new ArrayList<>()).add(attempt);
          if (admission.begun(attempt)) {
            owners.add(ticket.edge());
          }
        });
    for (var edge : edges.tick(owners, now)) {
      takeBackAllOf(edge, byEdge.getOrDefault(edge, List.of()));
    }
    byEdge.forEach(port::beat);
  }

  private void takeBackAllOf(E edge, List<AttemptId> of) {
    var begun = of.stream().filter(admission::begun).toList();
    if (!begun.isEmpty()) {
      port.silent(edge, begun.size());
      begun.forEach(attempt -> abort(attempt, null));
    }
  }

  /** A model's slots may have changed. */
  public void slots(ModelId model, int slots) {
    admission.slots(model, slots);
  }

  /** Starts or ends a drain. */
  public void drain(boolean on) {
    admission.drain(on);
    changed();
  }

  /** After every change: slots are given away, and the others will hear of it soon. */
  public void changed() {
    for (var next = admission.grant(); next.isPresent(); next = admission.grant()) {
      var ticket = open.get(next.get());
      if (ticket != null) {
        port.grant(next.get());
        port.started(ticket);
      }
    }
    port.changed();
  }
}
