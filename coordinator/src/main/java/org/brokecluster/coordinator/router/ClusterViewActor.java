package org.brokecluster.coordinator.router;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ClusterEvent;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
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
  /** Anything this actor accepts; all of it comes from Akka or its own children. */
  public sealed interface Command {}

  private record Membership(ClusterEvent.MemberEvent event) implements Command {}

  private record Reachability(ClusterEvent.ReachabilityEvent event) implements Command {}

  private record FactsAre(long uid, NodeFacts facts) implements Command {}

  private record LoadIs(long uid, NodeLoad load) implements Command {}

  private record RouterIs(RouterStatus status) implements Command {}

  /** Several changes in one go make one view. */
  private enum Publish implements Command {
    NOW
  }

  private final Consumer<ClusterView> listener;
  private final ViewBuilder builder = new ViewBuilder();
  private final ActorRef<RegisterWatchActor.Command<NodeFacts>> facts;
  private final ActorRef<RegisterWatchActor.Command<NodeLoad>> loads;
  private boolean publishing;

  private ClusterViewActor(ActorContext<Command> context, Consumer<ClusterView> listener) {
    super(context);
    this.listener = listener;
    this.facts = context.spawn(RegisterWatchActor.<NodeFacts>create(), "facts");
    this.loads = context.spawn(RegisterWatchActor.<NodeLoad>create(), "loads");
    var self = context.getSelf();
    context
        .spawn(RegisterWatchActor.<RouterStatus>create(), "router")
        .tell(
            new RegisterWatchActor.Watch<>(
                GossipKeys.router(), status -> self.tell(new RouterIs(status))));
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
        .onMessage(FactsAre.class, this::onFacts)
        .onMessage(LoadIs.class, this::onLoad)
        .onMessage(RouterIs.class, this::onRouter)
        .onMessageEquals(Publish.NOW, this::onPublish)
        .build();
  }

  private Behavior<Command> onMembership(Membership message) {
    var member = message.event().member();
    long uid = member.uniqueAddress().longUid();
    if (message.event() instanceof ClusterEvent.MemberRemoved) {
      forget(uid);
    } else if (builder.member(member)) {
      watch(uid);
    }
    return changed();
  }

  private Behavior<Command> onReachability(Reachability message) {
    boolean reachable = message.event() instanceof ClusterEvent.ReachableMember;
    builder.reachable(message.event().member().uniqueAddress().longUid(), reachable);
    return changed();
  }

  private Behavior<Command> onFacts(FactsAre message) {
    builder.facts(message.uid(), message.facts());
    return changed();
  }

  private Behavior<Command> onLoad(LoadIs message) {
    builder.load(message.uid(), message.load());
    return changed();
  }

  private Behavior<Command> onRouter(RouterIs message) {
    builder.router(message.status());
    return changed();
  }

  private Behavior<Command> onPublish() {
    publishing = false;
    listener.accept(builder.build());
    return this;
  }

  private void watch(long uid) {
    var self = getContext().getSelf();
    facts.tell(
        new RegisterWatchActor.Watch<>(
            GossipKeys.facts(uid), value -> self.tell(new FactsAre(uid, value))));
    loads.tell(
        new RegisterWatchActor.Watch<>(
            GossipKeys.load(uid), value -> self.tell(new LoadIs(uid, value))));
  }

  private void forget(long uid) {
    if (builder.removed(uid)) {
      facts.tell(new RegisterWatchActor.Forget<>(GossipKeys.facts(uid)));
      loads.tell(new RegisterWatchActor.Forget<>(GossipKeys.load(uid)));
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
