package org.brokecluster.shared.host;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ClusterEvent.ClusterDomainEvent;
import akka.cluster.ClusterEvent.MemberEvent;
import akka.cluster.ClusterEvent.MemberRemoved;
import akka.cluster.ClusterEvent.MemberUp;
import akka.cluster.ClusterEvent.ReachabilityEvent;
import akka.cluster.ClusterEvent.ReachableMember;
import akka.cluster.ClusterEvent.UnreachableMember;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.brokecluster.shared.host.KnownMembers.Known;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the host which members are up, on every change, so that it can remember them, and the log
 * who comes and goes.
 */
final class MemberWatchActor extends AbstractBehavior<ClusterDomainEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(MemberWatchActor.class);

  private final Cluster cluster;
  private final Consumer<List<Known>> listener;

  private MemberWatchActor(
      ActorContext<ClusterDomainEvent> context, Consumer<List<Known>> listener) {
    super(context);
    this.cluster = Cluster.get(context.getSystem());
    this.listener = listener;
    var self = context.getSelf();
    cluster.subscriptions().tell(new Subscribe<>(self.narrow(), MemberEvent.class));
    cluster.subscriptions().tell(new Subscribe<>(self.narrow(), ReachabilityEvent.class));
  }

  /**
   * Watches the membership of its own actor system.
   *
   * @param listener told all other members that are up
   */
  static Behavior<ClusterDomainEvent> create(Consumer<List<Known>> listener) {
    return Behaviors.setup(context -> new MemberWatchActor(context, listener));
  }

  @Override
  public Receive<ClusterDomainEvent> createReceive() {
    return newReceiveBuilder()
        .onMessage(ReachabilityEvent.class, this::onReachability)
        .onMessage(MemberEvent.class, this::onChange)
        .build();
  }

  private Behavior<ClusterDomainEvent> onReachability(ReachabilityEvent event) {
    if (event instanceof UnreachableMember) {
      LOG.warn("member is unreachable: address={}", hostPort(event.member()));
    } else if (event instanceof ReachableMember) {
      LOG.info("member is reachable again: address={}", hostPort(event.member()));
    }
    return this;
  }

  private Behavior<ClusterDomainEvent> onChange(MemberEvent event) {
    var self = cluster.selfMember().uniqueAddress();
    if (!event.member().uniqueAddress().equals(self)) {
      log(event);
    }
    var others =
        StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
            .filter(member -> member.status().equals(MemberStatus.up()))
            .filter(member -> !member.uniqueAddress().equals(self))
            .map(member -> new Known(hostPort(member), member.hasRole(HostSettings.COORDINATOR)))
            .toList();
    // Alone is no news: it would wipe out whom to ask after the next restart.
    if (!others.isEmpty()) {
      listener.accept(others);
    }
    return this;
  }

  private static void log(MemberEvent event) {
    if (event instanceof MemberUp) {
      LOG.info("member is up: address={}", hostPort(event.member()));
    } else if (event instanceof MemberRemoved removed) {
      boolean lost = removed.previousStatus().equals(MemberStatus.down());
      LOG.info(
          "member is gone: address={} {}", hostPort(event.member()), lost ? "(lost)" : "(left)");
    }
  }

  private static String hostPort(Member member) {
    return member.address().getHost().get() + ":" + member.address().getPort().get();
  }
}
