package org.brokecluster.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.brokecluster.node.admission.Admission;
import org.brokecluster.node.admission.EdgeWatch;
import org.brokecluster.node.admission.Order;
import org.brokecluster.node.admission.Verdict;
import org.brokecluster.node.models.ModelPool;
import org.brokecluster.node.models.ModelStatus;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.RouterProtocol;
import org.brokecluster.shared.host.GossipActor;
import org.jspecify.annotations.Nullable;

/**
 * This host's node in one membership: takes tickets as {@link Admission} decides, has one {@link
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

  private record AttemptGone(AttemptId attempt) implements NodeProtocol.Internal {}

  private enum Wake implements NodeProtocol.Internal {
    BEAT,
    REPORT,
    POOL_CHANGED,
    DRAIN_OVER
  }

  private record Open(ActorRef<AttemptProtocol.Command> actor, NodeProtocol.Ticket ticket) {}

  private final NodeContext node;
  private final ActorRef<GossipActor.Command> gossip;
  private final TimerScheduler<NodeProtocol.Command> timers;
  private final Admission admission;
  private final EdgeWatch<ActorRef<EdgeProtocol.Command>> edges;
  private final Map<AttemptId, Open> attempts = new LinkedHashMap<>();
  private final AtomicBoolean poolChanged = new AtomicBoolean();
  private final ModelPool.Subscription subscription;
  private final NodeReport report;
  private @Nullable ActorRef<NodeProtocol.Done> stopping;
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
    this.admission = new Admission(settings.tombstones(), lasting.termSeen(), lasting.draining());
    this.edges =
        new EdgeWatch<>(
            settings.edgeSilence(),
            settings.beatInterval().plus(settings.lateTick()),
            node.nanoTime().getAsLong());
    this.report = new NodeReport(node, self);
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
        .onMessage(NodeProtocol.Ticket.class, this::onTicket)
        .onMessage(PromptComplete.class, this::onPromptComplete)
        .onMessage(SlotFree.class, this::onSlotFree)
        .onMessage(AttemptGone.class, this::onAttemptGone)
        .onMessage(NodeProtocol.Cancel.class, this::onCancel)
        .onMessage(NodeProtocol.EdgeBeat.class, this::onEdgeBeat)
        .onMessageEquals(Wake.BEAT, this::onBeat)
        .onMessageEquals(Wake.REPORT, this::onReport)
        .onMessageEquals(Wake.POOL_CHANGED, this::onPoolChanged)
        .onMessage(NodeProtocol.ModelCommand.class, this::onModelCommand)
        .onMessage(NodeProtocol.ReadSpeeds.class, this::onReadSpeeds)
        .onMessage(NodeProtocol.AdoptSpeeds.class, this::onAdoptSpeeds)
        .onMessage(NodeProtocol.Pull.class, this::onPull)
        .onMessage(NodeProtocol.Drain.class, this::onDrain)
        .onMessage(StopWork.class, this::onStopWork)
        .onMessageEquals(Wake.DRAIN_OVER, this::onDrainOver)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<NodeProtocol.Command> onTicket(NodeProtocol.Ticket ticket) {
    var model = ticket.placement().model();
    var order = new Order(ticket.attempt(), ticket.term(), ticket.number(), model);
    var verdict =
        admission.offer(order, node.pool().model(model).map(ModelStatus::slots).orElse(0));
    node.lasting().sawTerm(admission.termSeen());
    if (verdict instanceof Verdict.Admitted) {
      open(ticket);
    } else if (verdict instanceof Verdict.Again again) {
      reopen(ticket, again);
    } else if (verdict instanceof Verdict.Over) {
      close(order, ticket.router());
    } else if (verdict instanceof Verdict.Refused refused) {
      refuse(ticket, refused);
    }
    return changed();
  }

  private void open(NodeProtocol.Ticket ticket) {
    var behavior = AttemptActor.create(node, ticket, getContext().getSelf());
    var actor = getContext().spawn(behavior, "attempt-" + ++attemptsMade);
    attempts.put(ticket.attempt(), new Open(actor, ticket));
    getContext().watchWith(actor, new AttemptGone(ticket.attempt()));
  }

  private void reopen(NodeProtocol.Ticket ticket, Verdict.Again again) {
    var open = attempts.get(ticket.attempt());
    if (open == null) {
      return;
    }
    attempts.put(ticket.attempt(), new Open(open.actor(), ticket));
    open.actor().tell(new AttemptActor.TicketAgain(ticket));
    switch (again.stage()) {
      case WAITING -> {}
      case RUNNING -> started(ticket.attempt());
      case SLOT_FREED ->
          admission.order(ticket.attempt()).ifPresent(order -> close(order, ticket.router()));
    }
  }

  private void refuse(NodeProtocol.Ticket ticket, Verdict.Refused refused) {
    ticket
        .router()
        .tell(
            new RouterProtocol.TicketRefused(
                ticket.attempt(),
                ticket.term(),
                ticket.number(),
                node.name(),
                refused.reason(),
                refused.termSeen()));
  }

  private Behavior<NodeProtocol.Command> onPromptComplete(PromptComplete complete) {
    admission.promptComplete(complete.attempt());
    return changed();
  }

  private Behavior<NodeProtocol.Command> onSlotFree(SlotFree free) {
    admission.slotFreed(free.attempt()).ifPresent(this::close);
    return changed();
  }

  private Behavior<NodeProtocol.Command> onAttemptGone(AttemptGone gone) {
    admission.ended(gone.attempt()).ifPresent(this::close);
    attempts.remove(gone.attempt());
    answerIfStopped();
    return changed();
  }

  private void close(Order order) {
    var open = attempts.get(order.attempt());
    if (open != null) {
      close(order, open.ticket().router());
    }
  }

  private void close(Order order, ActorRef<RouterProtocol.Command> router) {
    router.tell(
        new RouterProtocol.AttemptClosed(
            order.attempt(), order.term(), order.number(), node.name()));
  }

  private Behavior<NodeProtocol.Command> onCancel(NodeProtocol.Cancel cancel) {
    abort(cancel.attempt(), null);
    return changed();
  }

  private void abort(AttemptId attempt, @Nullable AttemptFailure failure) {
    var open = attempts.get(attempt);
    if (admission.cancel(attempt) && open != null) {
      open.actor().tell(new AttemptActor.Abort(failure));
    }
  }

  private Behavior<NodeProtocol.Command> onEdgeBeat(NodeProtocol.EdgeBeat beat) {
    var begun =
        attempts.entrySet().stream()
            .filter(entry -> entry.getValue().ticket().edge().equals(beat.edge()))
            .map(Map.Entry::getKey)
            .filter(admission::begun)
            .toList();
    var disagreement =
        edges.beat(
            beat.edge(), beat.attempts(), begun, attempts.keySet(), node.nanoTime().getAsLong());
    disagreement.forgotten().forEach(attempt -> abort(attempt, null));
    disagreement.unknown().forEach(attempt -> tellUnknown(beat.edge(), attempt));
    return disagreement.forgotten().isEmpty() ? this : changed();
  }

  private static void tellUnknown(ActorRef<EdgeProtocol.Command> edge, AttemptId attempt) {
    var failure = AttemptFailure.of(Kind.NODE_LOST, "unknown_here", "the attempt is unknown here");
    edge.tell(new EdgeProtocol.AttemptFailed(attempt, 0, failure));
  }

  private Behavior<NodeProtocol.Command> onBeat() {
    var byEdge = new HashMap<ActorRef<EdgeProtocol.Command>, List<AttemptId>>();
    var owners = new HashSet<ActorRef<EdgeProtocol.Command>>();
    attempts.forEach(
        (attempt, open) -> {
          var edge = open.ticket().edge();
          byEdge.computeIfAbsent(edge, absent -> new java.util.ArrayList<>()).add(attempt);
          if (admission.begun(attempt)) {
            owners.add(edge);
          }
        });
    for (var edge : edges.tick(owners, node.nanoTime().getAsLong())) {
      cancelAllOf(edge, byEdge.getOrDefault(edge, List.of()));
    }
    byEdge.forEach((edge, open) -> edge.tell(new EdgeProtocol.NodeBeat(node.name(), open)));
    return this;
  }

  private void cancelAllOf(ActorRef<EdgeProtocol.Command> edge, List<AttemptId> open) {
    var begun = open.stream().filter(admission::begun).toList();
    if (!begun.isEmpty()) {
      getContext()
          .getLog()
          .warn("edge is silent, cancelling: edge={} attempts={}", edge.path(), begun.size());
      begun.forEach(attempt -> abort(attempt, null));
    }
  }

  private Behavior<NodeProtocol.Command> onPoolChanged() {
    poolChanged.set(false);
    node.pool().models().forEach(model -> admission.slots(model.facts().id(), model.slots()));
    report.factsTo(gossip);
    return changed();
  }

  private Behavior<NodeProtocol.Command> onModelCommand(NodeProtocol.ModelCommand command) {
    ModelCommands.run(node, command);
    return this;
  }

  private Behavior<NodeProtocol.Command> onReadSpeeds(NodeProtocol.ReadSpeeds read) {
    read.replyTo().tell(SpeedCommands.read(node));
    return this;
  }

  private Behavior<NodeProtocol.Command> onAdoptSpeeds(NodeProtocol.AdoptSpeeds adopt) {
    adopt.replyTo().tell(SpeedCommands.adopt(node, adopt));
    return this;
  }

  private Behavior<NodeProtocol.Command> onPull(NodeProtocol.Pull pull) {
    var puller = node.puller();
    pull.replyTo()
        .tell(
            switch (pull.action()) {
              case START -> puller.start(pull.model(), pull.include());
              case LOOK -> puller.look(pull.model());
              case STOP -> puller.stop(pull.model());
            });
    return this;
  }

  private Behavior<NodeProtocol.Command> onDrain(NodeProtocol.Drain drain) {
    admission.drain(drain.on());
    node.lasting().drain(drain.on());
    var message =
        drain.on()
            ? "takes no new work; attempts still open: " + admission.open()
            : "takes new work";
    drain.replyTo().tell(new NodeProtocol.Done(true, node.name(), message));
    return changed();
  }

  private Behavior<NodeProtocol.Command> onStopWork(StopWork stop) {
    admission.drain(true);
    stopping = stop.replyTo();
    timers.startSingleTimer(Wake.DRAIN_OVER, node.settings().drainLimit());
    answerIfStopped();
    return changed();
  }

  private Behavior<NodeProtocol.Command> onDrainOver() {
    var failure = AttemptFailure.of(Kind.NODE_STOPPING, "node_stopping", "the node is stopping");
    List.copyOf(attempts.keySet()).forEach(attempt -> abort(attempt, failure));
    return this;
  }

  private void answerIfStopped() {
    if (stopping != null && attempts.isEmpty()) {
      stopping.tell(new NodeProtocol.Done(true, node.name(), "stopped"));
      stopping = null;
    }
  }

  /** After every change: slots are given away, and the others will hear of it soon. */
  private Behavior<NodeProtocol.Command> changed() {
    for (var next = admission.grant(); next.isPresent(); next = admission.grant()) {
      var open = attempts.get(next.get());
      if (open != null) {
        open.actor().tell(AttemptActor.SlotGranted.INSTANCE);
        started(next.get());
      }
    }
    if (!timers.isTimerActive(Wake.REPORT)) {
      timers.startSingleTimer(Wake.REPORT, node.settings().reportInterval());
    }
    return this;
  }

  private void started(AttemptId attempt) {
    var open = attempts.get(attempt);
    if (open != null) {
      var ticket = open.ticket();
      var number = ticket.number();
      ticket
          .router()
          .tell(new RouterProtocol.AttemptStarted(attempt, ticket.term(), number, node.name()));
    }
  }

  private Behavior<NodeProtocol.Command> onReport() {
    node.meters().admission(admission);
    report.loadTo(gossip, admission);
    return this;
  }

  private Behavior<NodeProtocol.Command> onPostStop() {
    subscription.close();
    return this;
  }
}
