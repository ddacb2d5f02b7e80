package org.brokecluster.coordinator.request;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.EdgeProtocol.AboutAttempt;
import org.brokecluster.protocol.edge.EdgeProtocol.Command;
import org.brokecluster.protocol.edge.EdgeProtocol.NodeBeat;
import org.brokecluster.protocol.edge.EdgeProtocol.Noted;
import org.brokecluster.protocol.edge.EdgeProtocol.Ready;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.RouterProtocol;

/**
 * This edge's address in the cluster for one membership: hands every message to the request it
 * belongs to, exchanges beats with nodes that have open attempts, and repeats reports until the
 * router has noted them. Decides nothing about a request.
 */
final class EdgeActor extends AbstractBehavior<Command> {
  private enum Tick implements EdgeProtocol.Internal {
    INSTANCE
  }

  /** From a request: the attempt is over, nothing more is expected from its node. */
  record Closed(AttemptId attempt) implements EdgeProtocol.Internal {}

  /** From a request: the router should know how an attempt ended. */
  record SendReport(AttemptReport report) implements EdgeProtocol.Internal {}

  /** From the cluster view: a router with this term reigns. */
  record TermSeen(long term) implements EdgeProtocol.Internal {}

  private final RequestRegistry registry;
  private final LongSupplier clock;
  private final EdgeLink link;
  private final EdgeDesk desk;
  private final Map<NodeId, ActorRef<NodeProtocol.Command>> nodes = new HashMap<>();

  private EdgeActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<RouterProtocol.Command> router,
      RequestRegistry registry,
      ReportOutbox outbox,
      BeatSettings beats,
      LongSupplier clock) {
    super(context);
    context.setLoggerName(EdgeActor.class);
    this.registry = registry;
    this.clock = clock;
    this.link = new EdgeLink(router, context.getSelf());
    this.desk = new EdgeDesk(outbox, beats, new Messages());
    timers.startTimerAtFixedRate(Tick.INSTANCE, beats.interval());
    registry.linked(link);
  }

  /**
   * Links the host's requests to a membership for as long as it lasts.
   *
   * @param clock monotonic milliseconds
   */
  static Behavior<Command> create(
      ActorRef<RouterProtocol.Command> router,
      RequestRegistry registry,
      ReportOutbox outbox,
      BeatSettings beats,
      LongSupplier clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new EdgeActor(context, timers, router, registry, outbox, beats, clock)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Ready.class, this::onReady)
        .onMessage(Noted.class, this::onNoted)
        .onMessage(NodeBeat.class, this::onNodeBeat)
        .onMessage(Closed.class, this::onClosed)
        .onMessage(SendReport.class, this::onSendReport)
        .onMessage(TermSeen.class, this::onTermSeen)
        .onMessageEquals(Tick.INSTANCE, this::onTick)
        .onMessage(Command.class, this::onAboutAttempt)
        .onSignal(PostStop.class, this::onStop)
        .build();
  }

  private Behavior<Command> onReady(Ready ready) {
    var request = registry.find(ready.attempt().request());
    var node = ready.placement().node();
    if (request == null || !desk.opened(clock.getAsLong(), ready.attempt(), node)) {
      ready.node().tell(new NodeProtocol.Cancel(ready.attempt()));
      return this;
    }
    nodes.put(node, ready.node());
    request.tell(new RequestActor.FromCluster(ready));
    return this;
  }

  private Behavior<Command> onAboutAttempt(Command message) {
    if (message instanceof AboutAttempt about) {
      desk.heard(clock.getAsLong(), about.attempt());
      var request = registry.find(about.attempt().request());
      if (request != null) {
        request.tell(new RequestActor.FromCluster(message));
      } else {
        // It ended just when a node offered itself, and could not say that it needs it no more.
        desk.closed(about.attempt());
      }
      return this;
    }
    return Behaviors.unhandled();
  }

  private Behavior<Command> onNoted(Noted noted) {
    desk.noted(noted.attempt());
    return this;
  }

  private Behavior<Command> onNodeBeat(NodeBeat beat) {
    desk.nodeBeat(clock.getAsLong(), beat.node(), beat.attempts());
    return this;
  }

  private Behavior<Command> onClosed(Closed closed) {
    desk.closed(closed.attempt());
    return this;
  }

  private Behavior<Command> onSendReport(SendReport message) {
    desk.report(clock.getAsLong(), message.report());
    return this;
  }

  private Behavior<Command> onTermSeen(TermSeen seen) {
    desk.termSeen(seen.term());
    return this;
  }

  private Behavior<Command> onTick() {
    desk.tick(clock.getAsLong());
    nodes.keySet().retainAll(desk.nodes());
    return this;
  }

  private Behavior<Command> onStop(PostStop signal) {
    registry.unlinked(link);
    return this;
  }

  private final class Messages implements EdgeDesk.Port {
    @Override
    public void beat(NodeId node, List<AttemptId> attempts) {
      var ref = nodes.get(node);
      if (ref != null) {
        ref.tell(new NodeProtocol.EdgeBeat(link.edge(), attempts));
      }
    }

    @Override
    public void report(AttemptReport report) {
      link.router().tell(new RouterProtocol.Report(report, link.edge()));
    }

    @Override
    public void lost(AttemptId attempt, String why) {
      getContext().getLog().warn("attempt lost: attempt={} reason={}", attempt, why);
      var request = registry.find(attempt.request());
      if (request != null) {
        request.tell(new RequestActor.Lost(attempt, why));
      } else {
        desk.closed(attempt);
      }
    }

    @Override
    public void newTerm() {
      registry.forEach(request -> request.tell(RequestActor.Signal.NEW_TERM));
    }
  }
}
