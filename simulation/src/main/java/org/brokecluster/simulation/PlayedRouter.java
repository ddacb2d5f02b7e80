package org.brokecluster.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.coordinator.routing.Effect;
import org.brokecluster.coordinator.routing.Moment;
import org.brokecluster.coordinator.routing.RouterCore;
import org.brokecluster.coordinator.routing.Submission;
import org.brokecluster.node.admission.Order;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.NodeProtocol.TicketRefusal;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/** A router on a coordinator: takes a term, then runs the product's {@link RouterCore}. */
final class PlayedRouter {
  private static final long TAKING_MS = 30;
  private static final NodeId COORDINATOR = NodeId.of("coordinator");

  private final World world;
  private final Sight sight;
  private final Mailbox self;
  private final List<Runnable> stash = new ArrayList<>();
  private @Nullable RouterCore core;
  private RoutingState recorded = new RoutingState();
  private long term;

  PlayedRouter(World world, Sight sight) {
    this.world = world;
    this.sight = sight;
    this.self = world.network().mailbox("router", sight.in());
    sight.in().atEnd(self::close);
    takeTerm(0);
    tickLater();
  }

  Mailbox self() {
    return self;
  }

  long term() {
    return term;
  }

  /** Requests that wait and tickets that are out; nothing while it has no term. */
  int work() {
    return core == null ? 0 : core.queued() + core.ticketed();
  }

  /** Requests that wait. */
  int queued() {
    return core == null ? 0 : core.queued();
  }

  private void takeTerm(long seen) {
    core = null;
    self.machine()
        .after(
            TAKING_MS,
            Told.of("takes a term:", self),
            () -> {
              if (self.open()) {
                reign(world.cluster().takeTerm(this, Math.max(seen, sight.highestTerm())));
              }
            });
  }

  private void reign(long taken) {
    if (taken <= 0) {
      takeTerm(0);
      return;
    }
    term = taken;
    world.watch().reigns(this);
    var router = world.settings().router();
    var next =
        new RouterCore(term, router, world.settings().strategies(), router.strategy(), moment());
    core = next;
    recorded = new RoutingState();
    record(
        new RoutingEvent.TermStarted(
            moment().at(),
            term,
            COORDINATOR,
            next.strategy(),
            "",
            router.breaker().limits(),
            router.learned().terms()));
    sight.states().forEach(state -> run(next.nodeChanged(moment(), state)));
    world.cluster().reigns(this);
    var early = List.copyOf(stash);
    stash.clear();
    early.forEach(Runnable::run);
  }

  /** The view of its coordinator has changed. */
  void nodeChanged(org.brokecluster.coordinator.routing.state.NodeState state) {
    if (core != null) {
      run(core.nodeChanged(moment(), state));
    }
  }

  void nodeGone(NodeId node, Membership in) {
    if (core != null) {
      run(core.nodeGone(moment(), node));
    }
    if (core != null) {
      run(core.memberGone(moment(), in.toString()));
    }
  }

  void submit(
      AttemptId attempt,
      RequestFacts facts,
      long remainingMs,
      List<Tried> avoid,
      @Nullable Continues continues,
      int beside,
      PlayedEdge edge) {
    later(
        at ->
            at.submit(
                moment(),
                new Submission(
                    attempt, facts, remainingMs, avoid, continues, beside, edge.self())));
  }

  void withdraw(RequestId request) {
    later(
        at -> {
          world.watch().waitsNoMore(this, request);
          return at.withdraw(moment(), request);
        });
  }

  void report(AttemptReport report, PlayedEdge edge) {
    later(at -> at.report(moment(), report, edge.self()));
  }

  void started(AttemptId attempt, long of, long number) {
    later(at -> at.attemptStarted(moment(), attempt, of, number));
  }

  void closed(AttemptId attempt, long of, long number) {
    later(at -> at.attemptClosed(moment(), attempt, of, number));
  }

  void ticketRefused(Effect.SendTicket sent, TicketRefusal reason, long termSeen) {
    later(
        at ->
            at.ticketRefused(
                moment(), sent.attempt(), sent.term(), sent.number(), reason, termSeen));
  }

  private interface Question {
    List<Effect> ask(RouterCore core);
  }

  private void later(Question question) {
    if (core == null) {
      stash.add(() -> later(question));
    } else {
      run(question.ask(core));
    }
  }

  private void tickLater() {
    self.machine()
        .after(
            world.settings().router().tick().toMillis(),
            self,
            () -> {
              if (self.open()) {
                if (core != null) {
                  run(core.tick(moment()));
                  world.watch().queue(this, queued());
                }
                tickLater();
              }
            });
  }

  private Moment moment() {
    long now = world.time().nowMs();
    return new Moment(Instant.ofEpochMilli(now), now);
  }

  private void run(List<Effect> effects) {
    long stale = 0;
    for (var effect : effects) {
      if (effect instanceof Effect.SendTicket ticket) {
        sendTicket(ticket);
      } else if (effect instanceof Effect.SendCancel cancel) {
        toNode(
            cancel.node(),
            Told.of("Cancel", cancel.attempt()),
            node -> node.cancel(cancel.attempt()));
      } else if (effect instanceof Effect.NeedHigherTerm higher) {
        stale = Math.max(stale, higher.seen());
      } else if (effect instanceof Effect.Emit emit) {
        record(emit.event());
      } else {
        reply(effect);
      }
    }
    if (core != null) {
      world.watch().recorded(this, recorded, core);
    }
    if (stale > 0) {
      takeTerm(stale);
    }
  }

  private void record(RoutingEvent event) {
    recorded.apply(recorded.number() + 1, event);
  }

  private void sendTicket(Effect.SendTicket sent) {
    world.watch().ticket(this, sent);
    var model = sent.placement().model();
    var order = new Order(sent.attempt(), sent.term(), sent.number(), model);
    var ticket = new PlayedTicket(sent, order, (Mailbox) sent.edge(), this);
    toNode(sent.node(), ticket, node -> node.ticket(ticket));
  }

  private void toNode(NodeId name, Object what, java.util.function.Consumer<PlayedNode> step) {
    var node = sight.node(name);
    if (node != null) {
      world.network().send(self, node.self(), what, () -> step.accept(node));
    }
  }

  private void reply(Effect effect) {
    if (effect instanceof Effect.ReplyQueued queued) {
      world.watch().waits(this, queued.attempt().request());
      toEdge(
          queued.edge(),
          new EdgeProtocol.Queued(
              queued.attempt(), queued.term(), queued.position(), queued.etaMs()));
    } else if (effect instanceof Effect.ReplyPlaced placed) {
      toEdge(
          placed.edge(), new EdgeProtocol.Placed(placed.attempt(), placed.term(), placed.node()));
    } else if (effect instanceof Effect.ReplyRefused refused) {
      world.watch().waitsNoMore(this, refused.attempt().request());
      toEdge(
          refused.edge(),
          new EdgeProtocol.Refused(
              refused.attempt(),
              refused.term(),
              refused.reason(),
              refused.message(),
              refused.retryAfterMs()));
    } else if (effect instanceof Effect.ReplyNoted noted) {
      toEdge(noted.edge(), new EdgeProtocol.Noted(noted.attempt()));
    }
  }

  private void toEdge(Object address, EdgeProtocol.Command message) {
    var box = (Mailbox) address;
    var edge = world.edge(box);
    world.network().send(self, box, message, () -> edge.hear(message));
  }
}
