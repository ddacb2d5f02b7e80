package org.brokecluster.coordinator.router;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.brokecluster.coordinator.history.EventSink;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.history.learning.Learning;
import org.brokecluster.coordinator.history.store.LearnedReader;
import org.brokecluster.coordinator.router.TermKeeperActor.TakeTerm;
import org.brokecluster.coordinator.router.TermKeeperActor.TermTaken;
import org.brokecluster.coordinator.routing.Moment;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.RouterProtocol.Command;
import org.brokecluster.protocol.router.RouterProtocol.Internal;
import org.brokecluster.protocol.router.TermProtocol;
import org.jspecify.annotations.Nullable;

/**
 * The router singleton. It first takes a term, keeping messages meanwhile, and then reigns: see
 * {@link Reign}. When a node has heard of a newer term, it takes a higher one and begins anew;
 * edges submit again what was waiting, as they do for any new router.
 */
public final class RouterActor extends AbstractBehavior<Command> {
  private record ViewSeen(ClusterView view) implements Internal {}

  private record NodeAnswered(NodeProtocol.Done answer) implements Internal {}

  private record EarlierIs(long term, @Nullable LearnedFigures figures, @Nullable Throwable failure)
      implements Internal {}

  private record TermIs(TermTaken taken) implements Internal {}

  private enum Timer implements Internal {
    TICK,
    VIEW_OVERDUE
  }

  /**
   * What a router needs from outside.
   *
   * @param sinks where the events of a term go
   * @param keeper keeps terms and publishes the status
   * @param view follows the cluster
   * @param clock tells the time
   * @param earlier what routers before a term learned
   */
  record Ports(
      LongFunction<EventSink> sinks,
      Behavior<TermKeeperActor.Command> keeper,
      Function<Consumer<ClusterView>, Behavior<ClusterViewActor.Command>> view,
      Supplier<Moment> clock,
      LongFunction<CompletionStage<LearnedReader.Found>> earlier) {}

  private final Supplier<RouterSettings> latest;
  private final NodeId self;
  private final Ports ports;
  private final StashBuffer<Command> stash;
  private final ActorRef<TermKeeperActor.Command> keeper;
  private final ActorRef<TermTaken> termAdapter;
  private final ActorRef<NodeProtocol.Done> answers;
  private ClusterView view = ClusterView.EMPTY;
  private RouterSettings settings;
  private Strategies strategies;
  private boolean taking;
  private long dropped;

  private RouterActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      StashBuffer<Command> stash,
      Supplier<RouterSettings> latest,
      NodeId self,
      Ports ports) {
    super(context);
    context.setLoggerName(RouterActor.class);
    this.latest = latest;
    this.settings = latest.get();
    this.self = self;
    this.ports = ports;
    this.stash = stash;
    this.strategies = Strategies.of(settings.strategies(), Strategies.plugins());
    this.keeper = context.spawn(ports.keeper(), "term");
    this.termAdapter = context.messageAdapter(TermTaken.class, TermIs::new);
    this.answers = context.messageAdapter(NodeProtocol.Done.class, NodeAnswered::new);
    var me = context.getSelf();
    context.spawn(ports.view().apply(seen -> me.tell(new ViewSeen(seen))), "view");
    timers.startTimerWithFixedDelay(Timer.TICK, settings.tick());
    timers.startSingleTimer(Timer.VIEW_OVERDUE, settings.termTimeout());
  }

  /**
   * A router for the coordinator {@code self}.
   *
   * @param settings the latest, which may change while the router runs
   * @param witness this coordinator's witness of terms
   * @param coordinators how many coordinators the cluster has
   * @param sinks where the events of a term go
   * @param earlier what routers before a term learned
   */
  public static Behavior<Command> create(
      Supplier<RouterSettings> settings,
      NodeId self,
      ActorRef<TermProtocol.Command> witness,
      int coordinators,
      LongFunction<EventSink> sinks,
      LongFunction<CompletionStage<LearnedReader.Found>> earlier) {
    return create(
        settings,
        self,
        new Ports(
            sinks,
            TermKeeperActor.create(witness, coordinators, settings.get().termTimeout()),
            ClusterViewActor::create,
            () -> new Moment(Instant.now(), System.nanoTime() / 1_000_000),
            earlier));
  }

  static Behavior<Command> create(Supplier<RouterSettings> settings, NodeId self, Ports ports) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    Behaviors.withStash(
                        settings.get().stashSize(),
                        stash -> new RouterActor(context, timers, stash, settings, self, ports))));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(ViewSeen.class, this::onView)
        .onMessageEquals(Timer.VIEW_OVERDUE, this::takeTerm)
        .onMessage(TermIs.class, this::onTerm)
        .onMessageEquals(Timer.TICK, Behaviors::same)
        .onAnyMessage(this::onEarly)
        .build();
  }

  private Behavior<Command> onView(ViewSeen message) {
    view = message.view();
    return takeTerm();
  }

  private Behavior<Command> takeTerm() {
    if (!taking) {
      taking = true;
      ask(0);
    }
    return this;
  }

  /** Asks for a term above everything the nodes have reported and this. */
  private void ask(long seen) {
    long highest = seen;
    for (var member : view.members()) {
      highest = member.load() == null ? highest : Math.max(highest, member.load().termSeen());
    }
    keeper.tell(
        new TakeTerm(
            highest,
            (term, before) -> Reign.firstStatus(term, before, self, settings, strategies),
            termAdapter));
  }

  private Behavior<Command> onTerm(TermIs message) {
    var status = message.taken().status();
    taking = false;
    if (dropped > 0) {
      getContext()
          .getLog()
          .warn(
              "{} messages dropped while taking term {}; edges repeat them",
              dropped,
              status.term());
      dropped = 0;
    }
    getContext()
        .getLog()
        .info("router of term {} begins: strategy={}", status.term(), status.strategy());
    var reign =
        new Reign(
            settings,
            strategies,
            status,
            ports.sinks().apply(status.term()),
            getContext().getSelf(),
            answers,
            keeper,
            selfAddress(),
            ports.clock());
    reign.begin(view);
    learnedBefore(status.term());
    return stash.unstashAll(reigning(reign));
  }

  /** Learning goes on where it stopped, as soon as the history can be read; nobody waits. */
  private void learnedBefore(long term) {
    var began = settings.learned();
    long at = ports.clock().get().at().toEpochMilli();
    getContext()
        .pipeToSelf(
            ports.earlier().apply(term).thenApply(found -> figures(found, began.learning(), at)),
            (figures, failure) -> new EarlierIs(term, figures, failure));
  }

  private static LearnedFigures figures(LearnedReader.Found found, Learning learning, long at) {
    found.events().forEach(learning::apply);
    return learning.figures(at).renamed(id -> id == null ? null : found.names().get(id));
  }

  private void takeOver(Reign reign, EarlierIs earlier) {
    if (earlier.figures() == null) {
      getContext()
          .getLog()
          .info("learning begins anew, the history cannot be read: {}", reason(earlier.failure()));
    } else if (reign.term() == earlier.term()) {
      reign.takeOver(earlier.figures());
    }
  }

  private static String reason(@Nullable Throwable failure) {
    var cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause);
  }

  private Behavior<Command> onEarly(Command message) {
    if (stash.isFull()) {
      dropped++;
    } else {
      stash.stash(message);
    }
    return this;
  }

  private Behavior<Command> reigning(Reign reign) {
    return Behaviors.receive(Command.class)
        .onMessage(ViewSeen.class, message -> seen(reign, message.view()))
        .onMessageEquals(Timer.TICK, () -> after(reign, () -> tick(reign)))
        .onMessageEquals(Timer.VIEW_OVERDUE, Behaviors::same)
        .onMessage(TermIs.class, message -> Behaviors.same())
        .onMessage(NodeAnswered.class, message -> noted(message.answer()))
        .onMessage(EarlierIs.class, message -> after(reign, () -> takeOver(reign, message)))
        .onAnyMessage(message -> after(reign, () -> reign.handle(message)))
        .build();
  }

  /** What a node says to an order of the placement plan. */
  private Behavior<Command> noted(NodeProtocol.Done answer) {
    getContext()
        .getLog()
        .info(
            "placement: node={} accepted={}: {}",
            answer.node(),
            answer.accepted(),
            answer.message());
    return Behaviors.same();
  }

  private void tick(Reign reign) {
    var before = settings;
    var next = latest.get();
    if (!next.choosesAs(before)) {
      settings = next;
      strategies = Strategies.of(next.strategies(), Strategies.plugins());
      reign.reconfigure(before, next, strategies);
      getContext()
          .getLog()
          .info("strategies were read again: configured={}", next.strategies().keySet());
    }
    reign.tick();
  }

  private Behavior<Command> seen(Reign reign, ClusterView next) {
    view = next;
    return after(reign, () -> reign.seen(next));
  }

  private Behavior<Command> after(Reign reign, Runnable step) {
    step.run();
    if (reign.staleSeen() == 0) {
      return Behaviors.same();
    }
    getContext()
        .getLog()
        .warn("a node knows term {}, so this router takes a higher one", reign.staleSeen());
    taking = true;
    ask(reign.staleSeen());
    return this;
  }

  private String selfAddress() {
    var address = getContext().getSystem().address();
    return address.getHost().orElse("localhost") + ":" + address.getPort().orElse(0);
  }
}
