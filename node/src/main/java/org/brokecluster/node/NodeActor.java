package org.brokecluster.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.brokecluster.node.admission.Admission;
import org.brokecluster.node.admission.EdgeWatch;
import org.brokecluster.node.admission.NodeDesk;
import org.brokecluster.node.admission.Order;
import org.brokecluster.node.admission.Verdict;
import org.brokecluster.node.drill.Drill;
import org.brokecluster.node.models.ModelPool;
import org.brokecluster.node.models.ModelStatus;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.DrillKind;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.RouterProtocol;
import org.brokecluster.shared.host.GossipActor;
import org.jspecify.annotations.Nullable;

/**
 * This host's node in one membership: takes tickets as its {@link NodeDesk} decides, has one {@link
 * AttemptActor} for each open attempt, keeps up with its edges by beats, and tells the others how
 * it is doing. What outlives the membership is in {@link NodeContext}.
 */
public final class NodeActor extends AbstractBehavior<NodeProtocol.Command> {

  /** From an attempt: its prompt is there, it wants a slot. */
  record PromptComplete(AttemptId attempt) implements NodeProtocol.Internal {}

  /** From an attempt: its runtime has ended. */
  record SlotFree(AttemptId attempt) implements NodeProtocol.Internal {}

  /**
   * From the host: finish what runs within the drain limit, break off the rest, then answer. Unlike
   * a drain by an operator it is not remembered.
   */
  record StopWork(ActorRef<NodeProtocol.Done> replyTo) implements NodeProtocol.Internal {}

  /** From the host: the machine had better not work; answered when nothing is open any more. */
  record Away(String reason, Duration within, ActorRef<NodeProtocol.Done> replyTo)
      implements NodeProtocol.Internal {}

  /** From the host: that reason is gone. */
  record Back(String reason) implements NodeProtocol.Internal {}

  private record AttemptGone(AttemptId attempt) implements NodeProtocol.Internal {}

  private enum Wake implements NodeProtocol.Internal {
    BEAT,
    REPORT,
    POOL_CHANGED,
    DRAIN_OVER,
    DRILL_OVER
  }

  /** A ticket with the ways back to its edge and its router. */
  private record Claim(NodeProtocol.Ticket ticket, Order order)
      implements NodeDesk.Claim<ActorRef<EdgeProtocol.Command>> {
    Claim(NodeProtocol.Ticket ticket) {
      this(
          ticket,
          new Order(ticket.attempt(), ticket.term(), ticket.number(), ticket.placement().model()));
    }

    @Override
    public ActorRef<EdgeProtocol.Command> edge() {
      return ticket.edge();
    }
  }

  private final NodeContext node;
  private final ActorRef<GossipActor.Command> gossip;
  private final TimerScheduler<NodeProtocol.Command> timers;
  private final NodeDesk<ActorRef<EdgeProtocol.Command>, Claim> desk;
  private final Map<AttemptId, ActorRef<AttemptProtocol.Command>> attempts = new HashMap<>();
  private final AtomicBoolean poolChanged = new AtomicBoolean();
  private final ModelPool.Subscription subscription;
  private final NodeReport report;
  private final Drill drill;
  private final Attendance attendance;
  private long attemptsMade;

  private NodeActor(
      ActorContext<NodeProtocol.Command> context,
      TimerScheduler<NodeProtocol.Command> timers,
      NodeContext node,
      ActorRef<GossipActor.Command> gossip) {
    super(context);
    context.setLoggerName(NodeActor.class);
    var settings = node.settings();
    var lasting = node.lasting();
    var self = context.getSelf();
    this.node = node;
    this.gossip = gossip;
    this.timers = timers;
    this.desk =
        new NodeDesk<>(
            new Admission(settings.tombstones(), lasting.termSeen(), lasting.draining()),
            new EdgeWatch<>(
                settings.edgeSilence(),
                settings.beatInterval().plus(settings.lateTick()),
                node.nanoTime().getAsLong()),
            new Messages());
    this.drill = new Drill(node.drills(), node.machine().simulated(), node.pool()::pace);
    this.report = new NodeReport(node, self, drill.gate());
    this.attendance = new Attendance(settings, desk::drain, this::tellAttempts);
    if (lasting.draining()) {
      attendance.drained(true);
    }
    Runnable changed =
        () -> {
          if (poolChanged.compareAndSet(false, true)) {
            self.tell(Wake.POOL_CHANGED);
          }
        };
    this.subscription = node.pool().listen(changed);
    node.watch().onChange(changed);
    timers.startTimerWithFixedDelay(Wake.BEAT, settings.beatInterval());
    self.tell(Wake.POOL_CHANGED);
  }

  /** A node without attempts; its terms and drain go on from the membership before. */
  static Behavior<NodeProtocol.Command> create(
      NodeContext node, ActorRef<GossipActor.Command> gossip) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new NodeActor(context, timers, node, gossip)));
  }

  @Override
  public Receive<NodeProtocol.Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(NodeProtocol.Ticket.class, ticket -> heard(ticket, this::onTicket))
        .onMessage(PromptComplete.class, this::onPromptComplete)
        .onMessage(SlotFree.class, this::onSlotFree)
        .onMessage(AttemptGone.class, this::onAttemptGone)
        .onMessage(NodeProtocol.Cancel.class, cancel -> heard(cancel, this::onCancel))
        .onMessage(NodeProtocol.EdgeBeat.class, beat -> heard(beat, this::onEdgeBeat))
        .onMessageEquals(Wake.BEAT, this::onBeat)
        .onMessageEquals(Wake.REPORT, this::onReport)
        .onMessageEquals(Wake.POOL_CHANGED, this::onPoolChanged)
        .onMessage(
            NodeProtocol.ModelCommand.class, order -> done(() -> ModelCommands.run(node, order)))
        .onMessage(
            NodeProtocol.ReadSpeeds.class,
            read -> done(() -> read.replyTo().tell(SpeedCommands.read(node))))
        .onMessage(
            NodeProtocol.AdoptSpeeds.class,
            adopt -> done(() -> adopt.replyTo().tell(SpeedCommands.adopt(node, adopt))))
        .onMessage(NodeProtocol.Pull.class, pull -> done(() -> PullCommands.run(node, pull)))
        .onMessage(NodeProtocol.Drain.class, this::onDrain)
        .onMessage(StopWork.class, this::onStopWork)
        .onMessage(Away.class, this::onAway)
        .onMessage(Back.class, this::onBack)
        .onMessageEquals(Wake.DRAIN_OVER, this::onDrainOver)
        .onMessage(NodeProtocol.Drill.class, this::onDrill)
        .onMessageEquals(Wake.DRILL_OVER, this::onDrillOver)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  /** What comes from outside is heard unless a drill keeps it back. */
  private <T extends NodeProtocol.Command> Behavior<NodeProtocol.Command> heard(
      T message, Function<T, Behavior<NodeProtocol.Command>> handler) {
    var self = getContext().getSelf();
    return drill.gate().hears(() -> self.tell(message)) ? handler.apply(message) : this;
  }

  private Behavior<NodeProtocol.Command> onTicket(NodeProtocol.Ticket ticket) {
    // First of all: whoever has heard of this ticket may already meet the next membership's node.
    node.lasting().sawTerm(ticket.term());
    var model = node.pool().model(ticket.placement().model());
    desk.ticket(new Claim(ticket), model.map(ModelStatus::slots).orElse(0));
    return this;
  }

  private Behavior<NodeProtocol.Command> onPromptComplete(PromptComplete complete) {
    desk.promptComplete(complete.attempt());
    return this;
  }

  private Behavior<NodeProtocol.Command> onSlotFree(SlotFree free) {
    desk.slotFreed(free.attempt());
    return this;
  }

  private Behavior<NodeProtocol.Command> onAttemptGone(AttemptGone gone) {
    attempts.remove(gone.attempt());
    desk.gone(gone.attempt());
    attendance.open(desk.open(), node.name());
    return this;
  }

  private Behavior<NodeProtocol.Command> onCancel(NodeProtocol.Cancel cancel) {
    desk.cancel(cancel.attempt());
    return this;
  }

  private Behavior<NodeProtocol.Command> onEdgeBeat(NodeProtocol.EdgeBeat beat) {
    desk.edgeBeat(beat.edge(), beat.attempts(), node.nanoTime().getAsLong());
    return this;
  }

  private Behavior<NodeProtocol.Command> onBeat() {
    desk.tick(node.nanoTime().getAsLong());
    return this;
  }

  private Behavior<NodeProtocol.Command> onPoolChanged() {
    poolChanged.set(false);
    node.pool().models().forEach(model -> desk.slots(model.facts().id(), model.slots()));
    report.factsTo(gossip);
    attendance.look(node.watch().load(), node.watch().owner());
    desk.changed();
    return this;
  }

  private Behavior<NodeProtocol.Command> done(Runnable work) {
    work.run();
    return this;
  }

  private Behavior<NodeProtocol.Command> onDrain(NodeProtocol.Drain drain) {
    node.lasting().drain(drain.on());
    attendance.drained(drain.on());
    var message =
        drain.on()
            ? "takes no new work; attempts still open: %d, which move elsewhere or end"
                .formatted(desk.open())
            : "takes new work";
    drain.replyTo().tell(new NodeProtocol.Done(true, node.name(), message));
    return this;
  }

  private void tellAttempts(AttemptProtocol.Command message) {
    attempts.values().forEach(each -> each.tell(message));
  }

  private Behavior<NodeProtocol.Command> onAway(Away away) {
    attendance.leave(away.reason(), away.within());
    attendance.await(away.replyTo());
    attendance.open(desk.open(), node.name());
    return this;
  }

  private Behavior<NodeProtocol.Command> onBack(Back back) {
    attendance.stay(back.reason());
    return this;
  }

  private Behavior<NodeProtocol.Command> onStopWork(StopWork stop) {
    timers.startSingleTimer(Wake.DRAIN_OVER, node.settings().drainLimit());
    var limit = node.settings().drainLimit();
    return onAway(new Away("the node is stopping", limit, stop.replyTo()));
  }

  private Behavior<NodeProtocol.Command> onDrainOver() {
    desk.abortAll(AttemptFailure.nodeStopping());
    return this;
  }

  private Behavior<NodeProtocol.Command> onReport() {
    node.meters().admission(desk.admission());
    report.loadTo(gossip, desk.admission(), attendance.away());
    return this;
  }

  private Behavior<NodeProtocol.Command> onDrill(NodeProtocol.Drill order) {
    var length = DrillCommands.begin(drill, order, node.name());
    if (length.isPresent() && order.kind() == DrillKind.KILL) {
      desk.abortAll(null);
    }
    length.ifPresent(time -> timers.startSingleTimer(Wake.DRILL_OVER, time));
    return this;
  }

  private Behavior<NodeProtocol.Command> onDrillOver() {
    drill.end();
    return onPoolChanged();
  }

  private Behavior<NodeProtocol.Command> onPostStop() {
    drill.end();
    subscription.close();
    return this;
  }

  /** Sends what the desk has to say, and spawns its attempts. */
  private final class Messages implements NodeDesk.Port<ActorRef<EdgeProtocol.Command>, Claim> {
    @Override
    public void open(Claim claim) {
      var attempt = claim.ticket().attempt();
      var behavior =
          AttemptActor.create(node, claim.ticket(), drill.gate(), getContext().getSelf());
      var actor = getContext().spawn(behavior, "attempt-" + ++attemptsMade);
      attempts.put(attempt, actor);
      getContext().watchWith(actor, new AttemptGone(attempt));
    }

    @Override
    public void again(Claim claim) {
      tell(claim.ticket().attempt(), new AttemptActor.TicketAgain(claim.ticket()));
    }

    @Override
    public void grant(AttemptId attempt) {
      tell(attempt, AttemptActor.SlotGranted.INSTANCE);
    }

    @Override
    public void abort(AttemptId attempt, @Nullable AttemptFailure failure) {
      tell(attempt, new AttemptActor.Abort(failure));
    }

    private void tell(AttemptId attempt, AttemptProtocol.Command message) {
      var actor = attempts.get(attempt);
      if (actor != null) {
        actor.tell(message);
      }
    }

    @Override
    public void started(Claim claim) {
      var ticket = claim.ticket();
      drill
          .gate()
          .say(
              ticket.router(),
              new RouterProtocol.AttemptStarted(
                  ticket.attempt(), ticket.term(), ticket.number(), node.name()));
    }

    @Override
    public void closed(Claim claim, Order order) {
      drill
          .gate()
          .say(
              claim.ticket().router(),
              new RouterProtocol.AttemptClosed(
                  order.attempt(), order.term(), order.number(), node.name()));
    }

    @Override
    public void refused(Claim claim, Verdict.Refused refused) {
      var ticket = claim.ticket();
      drill
          .gate()
          .say(
              ticket.router(),
              new RouterProtocol.TicketRefused(
                  ticket.attempt(),
                  ticket.term(),
                  ticket.number(),
                  node.name(),
                  refused.reason(),
                  refused.termSeen()));
    }

    @Override
    public void unknown(ActorRef<EdgeProtocol.Command> edge, AttemptId attempt) {
      var failure =
          AttemptFailure.of(Kind.NODE_LOST, "unknown_here", "the attempt is unknown here");
      drill.gate().say(edge, new EdgeProtocol.AttemptFailed(attempt, 0, failure));
    }

    @Override
    public void beat(ActorRef<EdgeProtocol.Command> edge, List<AttemptId> open) {
      drill.gate().say(edge, new EdgeProtocol.NodeBeat(node.name(), open));
    }

    @Override
    public void silent(ActorRef<EdgeProtocol.Command> edge, int open) {
      getContext()
          .getLog()
          .warn("edge is silent, cancelling: edge={} attempts={}", edge.path(), open);
    }

    @Override
    public void changed() {
      if (!timers.isTimerActive(Wake.REPORT)) {
        timers.startSingleTimer(Wake.REPORT, node.settings().reportInterval());
      }
    }
  }
}
