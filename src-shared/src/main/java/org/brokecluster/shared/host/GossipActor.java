package org.brokecluster.shared.host;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.SelfUniqueAddress;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.typed.Cluster;
import java.time.Duration;
import java.util.List;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.brokecluster.shared.Version;
import org.jspecify.annotations.Nullable;

/**
 * Writes this member's facts and load into Distributed Data: the first at once, later ones at most
 * as often as the settings allow, the latest value last. Every member has one, so that members
 * without models are known too.
 */
public final class GossipActor extends AbstractBehavior<GossipActor.Command> {
  /** Largest entry of facts; further models are counted instead of listed. */
  static final int MODELS_MAX = 100;

  /** The replicator of this member answers at once, unless the machine stutters. */
  private static final Duration WRITE_MAX = Duration.ofSeconds(5);

  /** Anything this actor accepts. */
  public sealed interface Command {}

  /** What this member's node is and has; sent on every change. */
  public record NodeIs(
      ActorRef<NodeProtocol.Command> node,
      boolean simulated,
      String chip,
      long memoryBytes,
      @Nullable MachineFacts machine,
      List<ModelFacts> models)
      implements Command {}

  /** How this member's node is doing; sent on every change. */
  public record LoadIs(
      long termSeen,
      long ticketSeen,
      List<Long> openTickets,
      long memoryFreeBytes,
      boolean memoryWarning,
      boolean draining,
      List<ModelLoad> models,
      @Nullable MachineLoad machine,
      @Nullable String away)
      implements Command {}

  private enum Timer implements Command {
    FACTS,
    LOAD
  }

  private record Written(Key<?> key, boolean success) implements Command {}

  private final Host host;
  private final ClusterSettings settings;
  private final TimerScheduler<Command> timers;
  private final SelfUniqueAddress self;
  private final Replicated<Command> replicated;
  private @Nullable NodeIs node;
  private @Nullable LoadIs load;
  private boolean factsDue;
  private boolean loadDue;
  private long sequence;

  private GossipActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Host host,
      ClusterSettings settings) {
    super(context);
    context.setLoggerName(GossipActor.class);
    this.host = host;
    this.settings = settings;
    this.timers = timers;
    var data = DistributedData.get(context.getSystem());
    this.self = data.selfUniqueAddress();
    this.replicated = new Replicated<>(context, data.replicator(), WRITE_MAX);
    factsDue = true;
    writeFacts();
  }

  /** Speaks for this host in one membership. */
  public static Behavior<Command> create(Host host, ClusterSettings settings) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new GossipActor(context, timers, host, settings)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(NodeIs.class, this::onNode)
        .onMessage(LoadIs.class, this::onLoad)
        .onMessageEquals(Timer.FACTS, this::onFactsTimer)
        .onMessageEquals(Timer.LOAD, this::onLoadTimer)
        .onMessage(Written.class, this::onWritten)
        .build();
  }

  private Behavior<Command> onNode(NodeIs message) {
    if (!message.equals(node)) {
      boolean first = node == null;
      node = message;
      factsDue = true;
      // A node that joins is wanted at once; later changes can wait for their turn.
      if (first || !timers.isTimerActive(Timer.FACTS)) {
        writeFacts();
      }
    }
    return this;
  }

  private Behavior<Command> onLoad(LoadIs message) {
    if (!message.equals(load)) {
      load = message;
      loadDue = true;
      if (!timers.isTimerActive(Timer.LOAD)) {
        writeLoad();
      }
    }
    return this;
  }

  private Behavior<Command> onFactsTimer() {
    if (factsDue) {
      writeFacts();
    }
    return this;
  }

  private Behavior<Command> onLoadTimer() {
    if (loadDue) {
      writeLoad();
    }
    return this;
  }

  private Behavior<Command> onWritten(Written written) {
    boolean leaving = Cluster.get(getContext().getSystem()).isTerminated();
    if (!leaving && !written.success()) {
      getContext().getLog().warn("gossip not written: key={}", written.key());
    }
    return this;
  }

  private void writeFacts() {
    factsDue = false;
    write(GossipKeys.facts(uid()), facts());
    timers.startSingleTimer(Timer.FACTS, settings.factsInterval());
  }

  private void writeLoad() {
    var latest = load;
    if (latest == null) {
      return;
    }
    loadDue = false;
    var value =
        new NodeLoad(
            NodeFacts.PROTOCOL_VERSION,
            host.settings().name(),
            uid(),
            ++sequence,
            latest.termSeen(),
            latest.ticketSeen(),
            latest.openTickets(),
            latest.memoryFreeBytes(),
            latest.memoryWarning(),
            latest.draining(),
            latest.models(),
            latest.machine(),
            latest.away());
    write(GossipKeys.load(uid()), value);
    timers.startSingleTimer(Timer.LOAD, settings.loadInterval());
  }

  private <V> void write(Key<LWWRegister<V>> key, V value) {
    replicated.write(
        key,
        value,
        GossipKeys.writes(),
        Replicator.writeLocal(),
        success -> new Written(key, success));
  }

  private NodeFacts facts() {
    var is = node;
    var models = is == null ? List.<ModelFacts>of() : is.models();
    var address = self.uniqueAddress().address();
    return new NodeFacts(
        NodeFacts.PROTOCOL_VERSION,
        NodeId.of(host.settings().name().value()),
        uid(),
        is == null ? null : is.node(),
        ProcessHandle.current().pid(),
        address.getHost().get() + ":" + address.getPort().get(),
        host.httpAddress().get(),
        host.settings().roles().stream().sorted().toList(),
        is != null && is.simulated(),
        is == null ? "" : is.chip(),
        is == null ? 0 : is.memoryBytes(),
        Version.current(),
        models.stream().limit(MODELS_MAX).toList(),
        Math.max(0, models.size() - MODELS_MAX),
        is == null ? null : is.machine());
  }

  private long uid() {
    return self.uniqueAddress().longUid();
  }
}
