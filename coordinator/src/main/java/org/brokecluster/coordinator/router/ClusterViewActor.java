package org.brokecluster.coordinator.router;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ClusterEvent;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import java.time.Duration;
import java.util.function.Consumer;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.brokecluster.protocol.state.RouterStatus;
import org.brokecluster.shared.host.GossipKeys;

/**
 * Keeps this member's {@link ClusterView}: follows membership and reachability, and what every
 * member incarnation and the router write into Distributed Data. Entries of non-members are
 * ignored, and those of removed members deleted here. Tells its listener each new view, on its own
 * thread.
 */
public final class ClusterViewActor extends AbstractBehavior<ClusterViewActor.Command> {
  private static final Duration REPLICATOR_PATIENCE = Duration.ofSeconds(5);

  /** Anything this actor accepts; all of it comes from Akka. */
  public sealed interface Command {}

  private record Membership(ClusterEvent.MemberEvent event) implements Command {}

  private record Reachability(ClusterEvent.ReachabilityEvent event) implements Command {}

  private record FactsWritten(
      long uid, Replicator.SubscribeResponse<LWWRegister<NodeFacts>> response) implements Command {}

  private record LoadWritten(long uid, Replicator.SubscribeResponse<LWWRegister<NodeLoad>> response)
      implements Command {}

  private record RouterWritten(Replicator.SubscribeResponse<LWWRegister<RouterStatus>> response)
      implements Command {}

  private record Deleted(long uid) implements Command {}

  /** Several changes in one go make one view. */
  private enum Publish implements Command {
    NOW
  }

  private final Consumer<ClusterView> listener;
  private final ViewBuilder builder = new ViewBuilder();
  private final ReplicatorMessageAdapter<Command, LWWRegister<NodeFacts>> facts;
  private final ReplicatorMessageAdapter<Command, LWWRegister<NodeLoad>> loads;
  private boolean publishing;

  private ClusterViewActor(ActorContext<Command> context, Consumer<ClusterView> listener) {
    super(context);
    this.listener = listener;
    var replicator = DistributedData.get(context.getSystem()).replicator();
    this.facts = new ReplicatorMessageAdapter<>(context, replicator, REPLICATOR_PATIENCE);
    this.loads = new ReplicatorMessageAdapter<>(context, replicator, REPLICATOR_PATIENCE);
    var router =
        new ReplicatorMessageAdapter<Command, LWWRegister<RouterStatus>>(
            context, replicator, REPLICATOR_PATIENCE);
    router.subscribe(GossipKeys.router(), RouterWritten::new);
    ActorRef<ClusterEvent.MemberEvent> members =
        context.messageAdapter(ClusterEvent.MemberEvent.class, Membership::new);
    ActorRef<ClusterEvent.ReachabilityEvent> reachability =
        context.messageAdapter(ClusterEvent.ReachabilityEvent.class, Reachability::new);
    var subscriptions = Cluster.get(context.getSystem()).subscriptions();
    subscriptions.tell(Subscribe.create(members, ClusterEvent.MemberEvent.class));
    subscriptions.tell(Subscribe.create(reachability, ClusterEvent.ReachabilityEvent.class));
  }

  /**
   * Follows the cluster of the actor's system.
   *
   * @param listener called with each new view, one call at a time; must not block
   */
  public static Behavior<Command> create(Consumer<ClusterView> listener) {
    return Behaviors.setup(context -> new ClusterViewActor(context, listener));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Membership.class, this::onMembership)
        .onMessage(Reachability.class, this::onReachability)
        .onMessage(FactsWritten.class, this::onFacts)
        .onMessage(LoadWritten.class, this::onLoad)
        .onMessage(RouterWritten.class, this::onRouter)
        .onMessage(Deleted.class, message -> this)
        .onMessageEquals(Publish.NOW, this::onPublish)
        .build();
  }

  private Behavior<Command> onMembership(Membership message) {
    var member = message.event().member();
    long uid = member.uniqueAddress().longUid();
    if (message.event() instanceof ClusterEvent.MemberRemoved) {
      forget(uid);
    } else if (builder.member(member)) {
      facts.subscribe(GossipKeys.facts(uid), response -> new FactsWritten(uid, response));
      loads.subscribe(GossipKeys.load(uid), response -> new LoadWritten(uid, response));
    }
    return changed();
  }

  private Behavior<Command> onReachability(Reachability message) {
    boolean reachable = message.event() instanceof ClusterEvent.ReachableMember;
    builder.reachable(message.event().member().uniqueAddress().longUid(), reachable);
    return changed();
  }

  private Behavior<Command> onFacts(FactsWritten message) {
    if (message.response() instanceof Replicator.Changed<LWWRegister<NodeFacts>> change) {
      builder.facts(message.uid(), change.dataValue().getValue());
      return changed();
    }
    return this;
  }

  private Behavior<Command> onLoad(LoadWritten message) {
    if (message.response() instanceof Replicator.Changed<LWWRegister<NodeLoad>> change) {
      builder.load(message.uid(), change.dataValue().getValue());
      return changed();
    }
    return this;
  }

  private Behavior<Command> onRouter(RouterWritten message) {
    if (message.response() instanceof Replicator.Changed<LWWRegister<RouterStatus>> change) {
      builder.router(change.dataValue().getValue());
      return changed();
    }
    return this;
  }

  private Behavior<Command> onPublish() {
    publishing = false;
    listener.accept(builder.build());
    return this;
  }

  private void forget(long uid) {
    if (builder.removed(uid)) {
      facts.unsubscribe(GossipKeys.facts(uid));
      loads.unsubscribe(GossipKeys.load(uid));
      facts.askDelete(
          replyTo ->
              new Replicator.Delete<>(GossipKeys.facts(uid), Replicator.writeLocal(), replyTo),
          response -> new Deleted(uid));
      loads.askDelete(
          replyTo ->
              new Replicator.Delete<>(GossipKeys.load(uid), Replicator.writeLocal(), replyTo),
          response -> new Deleted(uid));
    }
  }

  private Behavior<Command> changed() {
    if (!publishing) {
      publishing = true;
      getContext().getSelf().tell(Publish.NOW);
    }
    return this;
  }
}
