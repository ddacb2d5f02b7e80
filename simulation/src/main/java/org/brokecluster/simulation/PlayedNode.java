package org.brokecluster.simulation;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.brokecluster.node.NodeSettings;
import org.brokecluster.node.admission.Admission;
import org.brokecluster.node.admission.EdgeWatch;
import org.brokecluster.node.admission.NodeDesk;
import org.brokecluster.node.admission.Order;
import org.brokecluster.node.admission.Verdict;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.state.NodeLoad;
import org.jspecify.annotations.Nullable;

/** A node during one membership: the product's {@link NodeDesk} on a simulated machine. */
final class PlayedNode implements NodeDesk.Port<Mailbox, PlayedTicket> {
  private final World world;
  private final Host host;
  private final Membership in;
  private final Mailbox self;
  private final NodeSettings settings;
  private final NodeDesk<Mailbox, PlayedTicket> desk;
  private final Map<AttemptId, PlayedAttempt> attempts = new TreeMap<>();
  private final Set<AttemptId> over = new HashSet<>();
  private boolean reporting;
  private long reports;
  private long reportedMs = -1_000;

  PlayedNode(World world, Host host, Membership in) {
    this.world = world;
    this.host = host;
    this.in = in;
    this.self = world.network().mailbox("node", in);
    this.settings = world.settings().node();
    int tombstones = world.off(Mechanism.TOMBSTONES) ? 0 : settings.tombstones();
    var silence = world.off(Mechanism.EDGE_WATCH) ? Duration.ofDays(1) : settings.edgeSilence();
    this.desk =
        new NodeDesk<>(
            new Admission(tombstones, host.termSeen(), host.draining()),
            new EdgeWatch<>(
                silence,
                settings.beatInterval().plus(settings.lateTick()),
                world.time().nowNanos()),
            this);
    in.atEnd(this::stop);
    beat();
    changed();
  }

  Mailbox self() {
    return self;
  }

  Host host() {
    return host;
  }

  World world() {
    return world;
  }

  NodeDesk<Mailbox, PlayedTicket> desk() {
    return desk;
  }

  /** A ticket of a router. */
  void ticket(PlayedTicket ticket) {
    var model = host.model(ticket.order().model());
    desk.ticket(fenced(ticket), model == null ? 0 : model.facts().slots());
    host.sawTerm(desk.admission().termSeen());
  }

  /** Without fencing, every ticket looks as if it were of the newest router. */
  private PlayedTicket fenced(PlayedTicket ticket) {
    if (!world.off(Mechanism.FENCING)) {
      return ticket;
    }
    var order = ticket.order();
    long term = Math.max(order.term(), desk.admission().termSeen());
    return new PlayedTicket(
        ticket.sent(),
        new Order(order.attempt(), term, order.number(), order.model()),
        ticket.edge(),
        ticket.router());
  }

  /** A request or router takes an attempt back. */
  void cancel(AttemptId attempt) {
    over.add(attempt);
    desk.cancel(attempt);
  }

  /** Takes no new work; what is open should be gone within this time. */
  void leave(Duration within) {
    desk.drain(true);
    attempts.values().forEach(each -> tell(each.id(), "leave", to -> to.leave(within)));
  }

  /** Takes new work again. */
  void stay() {
    desk.drain(false);
    attempts.values().forEach(each -> tell(each.id(), "stay", PlayedAttempt::stay));
  }

  /** An edge's sign of life. */
  void edgeBeat(Mailbox edge, List<AttemptId> listed) {
    desk.edgeBeat(edge, listed, world.time().nowNanos());
  }

  /** From an attempt, as a message of its own. */
  void later(Mailbox from, Object what, Runnable step) {
    world.network().send(from, self, what, step);
  }

  /** An attempt has stopped. */
  void gone(AttemptId attempt) {
    attempts.remove(attempt);
    over.add(attempt);
    desk.gone(attempt);
  }

  private void beat() {
    in.machine()
        .after(
            settings.beatInterval().toMillis(),
            self,
            () -> {
              if (self.open()) {
                desk.tick(world.time().nowNanos());
                beat();
              }
            });
  }

  /**
   * Attempts that are worked on for edges that have been gone for too long.
   *
   * @param graceMs how long that may go on
   */
  List<AttemptId> haunted(long graceMs) {
    long now = world.time().nowMs();
    var machine = in.machine();
    if (!self.open() || !machine.awake() || now - machine.awakeSinceMs() < graceMs) {
      return List.of();
    }
    return attempts.values().stream()
        .filter(each -> desk.admission().begun(each.id()))
        .filter(each -> each.edge().in().endedMs() >= 0)
        .filter(each -> now - each.edge().in().endedMs() > graceMs)
        .map(PlayedAttempt::id)
        .toList();
  }

  private void stop() {
    self.close();
    List.copyOf(attempts.values()).forEach(PlayedAttempt::stop);
    attempts.clear();
  }

  @Override
  public void open(PlayedTicket ticket) {
    world.watch().obeyed(this, ticket);
    if (over.contains(ticket.attempt())) {
      world.watch().broken(Invariant.TAKEN_BACK, in + " begins " + ticket.attempt());
    }
    var attempt = new PlayedAttempt(this, in, ticket);
    attempts.put(ticket.attempt(), attempt);
    attempt.begin();
  }

  @Override
  public void again(PlayedTicket ticket) {
    world.watch().obeyed(this, ticket);
    tell(ticket.attempt(), "ticket again", attempt -> attempt.again(ticket));
  }

  @Override
  public void grant(AttemptId attempt) {
    tell(attempt, "slot granted", PlayedAttempt::granted);
  }

  @Override
  public void abort(AttemptId attempt, @Nullable AttemptFailure failure) {
    tell(attempt, "abort", each -> each.abort(failure));
  }

  private void tell(
      AttemptId attempt, String what, java.util.function.Consumer<PlayedAttempt> step) {
    var known = attempts.get(attempt);
    if (known != null) {
      world.network().send(self, known.self(), what, () -> step.accept(known));
    }
  }

  @Override
  public void started(PlayedTicket ticket) {
    var sent = ticket.sent();
    toRouter(
        ticket,
        Told.of("AttemptStarted", sent.attempt()),
        router -> router.started(sent.attempt(), sent.term(), sent.number()));
  }

  @Override
  public void closed(PlayedTicket ticket, Order order) {
    toRouter(
        ticket,
        Told.of("AttemptClosed", order.attempt()),
        router -> router.closed(order.attempt(), ticket.sent().term(), order.number()));
  }

  @Override
  public void refused(PlayedTicket ticket, Verdict.Refused verdict) {
    toRouter(
        ticket,
        Told.of("TicketRefused", ticket.attempt() + " " + verdict.reason()),
        router -> router.ticketRefused(ticket.sent(), verdict.reason(), verdict.termSeen()));
  }

  private void toRouter(
      PlayedTicket ticket, Object what, java.util.function.Consumer<PlayedRouter> step) {
    var router = ticket.router();
    world.network().send(self, router.self(), what, () -> step.accept(router));
  }

  @Override
  public void unknown(Mailbox edge, AttemptId attempt) {
    var failure =
        AttemptFailure.of(
            AttemptFailure.Kind.NODE_LOST, "unknown_here", "the attempt is unknown here");
    toEdge(self, edge, new EdgeProtocol.AttemptFailed(attempt, 0, failure));
  }

  @Override
  public void beat(Mailbox edge, List<AttemptId> open) {
    toEdge(self, edge, new EdgeProtocol.NodeBeat(host.machine().name(), open));
  }

  /** A message to an edge. */
  void toEdge(Mailbox from, Mailbox edge, EdgeProtocol.Command message) {
    var desk = world.edge(edge);
    world.network().send(from, edge, message, () -> desk.hear(message));
  }

  @Override
  public void silent(Mailbox edge, int open) {
    // Worth a line in a log only.
  }

  @Override
  public void changed() {
    if (reporting) {
      return;
    }
    reporting = true;
    long quarter = reportedMs + 250 - world.time().nowMs();
    in.machine()
        .after(Math.max(settings.reportInterval().toMillis(), quarter), "report", this::report);
  }

  private void report() {
    reporting = false;
    if (!self.open()) {
      return;
    }
    reportedMs = world.time().nowMs();
    var admission = desk.admission();
    boolean mute = world.off(Mechanism.LEDGER_ECHO);
    var models =
        host.models().stream()
            .map(
                model -> {
                  var id = model.facts().id();
                  return model.load(admission.running(id), admission.waiting(id));
                })
            .toList();
    world
        .cluster()
        .gossip(
            in,
            new NodeLoad(
                1,
                host.machine().name(),
                in.uid(),
                ++reports,
                admission.termSeen(),
                mute ? 0 : admission.ticketSeen(),
                mute ? List.of() : admission.openTickets(),
                0,
                false,
                admission.draining(),
                models,
                null,
                null));
  }
}
