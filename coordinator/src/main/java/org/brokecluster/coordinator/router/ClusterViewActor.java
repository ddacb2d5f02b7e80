package org.brokecluster.coordinator.router;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ClusterEvent;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.ReplicatedData;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import java.util.HashMap;
import java.util.Map;
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
  /** Anything this actor accepts; all of it comes from Akka. */
  public sealed interface Command {}

  private record Membership(ClusterEvent.MemberEvent event) implements Command {}

  private record Reachability(ClusterEvent.ReachabilityEvent event) implements Command {}

  private record Written(Replicator.SubscribeResponse<?> response) implements Command {}

  /** Several changes in one go make one view. */
  private enum Publish implements Command {
    NOW
  }

  private final Consumer<ClusterView> listener;
  private final ViewBuilder builder = new ViewBuilder();
  private final ActorRef<Replicator.Command> replicator;
  private final Map<Key<?>, ActorRef<?>> ears = new HashMap<>();
  private boolean publishing;

  private ClusterViewActor(ActorContext<Command> context, Consumer<ClusterView> listener) {
    super(context);
    this.listener = listener;
    this.replicator = DistributedData.get(context.getSystem()).replicator();
    subscribe(GossipKeys.router());
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
        .onMessage(Written.class, this::onWritten)
        .onMessageEquals(Publish.NOW, this::onPublish)
        .build();
  }

  private Behavior<Command> onMembership(Membership message) {
    var member = message.event().member();
    long uid = member.uniqueAddress().longUid();
    if (message.event() instanceof ClusterEvent.MemberRemoved) {
      forget(uid);
    } else if (builder.member(member)) {
      subscribe(GossipKeys.facts(uid));
      subscribe(GossipKeys.load(uid));
    }
    return changed();
  }

  private Behavior<Command> onReachability(Reachability message) {
    boolean reachable = message.event() instanceof ClusterEvent.ReachableMember;
    builder.reachable(message.event().member().uniqueAddress().longUid(), reachable);
    return changed();
  }

  private Behavior<Command> onWritten(Written message) {
    if (message.response() instanceof Replicator.Changed<?> change
        && change.dataValue() instanceof LWWRegister<?> register) {
      var value = register.getValue();
      if (value instanceof NodeFacts facts) {
        builder.facts(facts.memberUid(), facts);
      } else if (value instanceof NodeLoad load) {
        builder.load(load.memberUid(), load);
      } else if (value instanceof RouterStatus router) {
        builder.router(router);
      }
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
      delete(GossipKeys.facts(uid));
      delete(GossipKeys.load(uid));
    }
  }

  /**
   * Listens by a child of its own for each key: the replicator keeps one subscription for each
   * subscriber, so that ending the one to a key would end another's.
   */
  private <T extends ReplicatedData> void subscribe(Key<T> key) {
    var self = getContext().getSelf();
    var ear =
        getContext()
            .spawnAnonymous(
                Behaviors.<Replicator.SubscribeResponse<T>>receiveMessage(
                    response -> {
                      self.tell(new Written(response));
                      return Behaviors.same();
                    }));
    ears.put(key, ear);
    replicator.tell(new Replicator.Subscribe<>(key, ear));
  }

  private <T extends ReplicatedData> void delete(Key<T> key) {
    var ear = ears.remove(key);
    if (ear != null) {
      getContext().stop(ear);
    }
    replicator.tell(
        new Replicator.Delete<>(
            key, Replicator.writeLocal(), getContext().getSystem().ignoreRef()));
  }

  private Behavior<Command> changed() {
    if (!publishing) {
      publishing = true;
      getContext().getSelf().tell(Publish.NOW);
    }
    return this;
  }
}
