package org.brokecluster.shared.host;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ClusterEvent.MemberEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/** Tells the host which members are up, on every change, so that it can remember them. */
final class MemberWatchActor extends AbstractBehavior<MemberEvent> {
  private final Cluster cluster;
  private final Consumer<List<String>> listener;

  private MemberWatchActor(ActorContext<MemberEvent> context, Consumer<List<String>> listener) {
    super(context);
    this.cluster = Cluster.get(context.getSystem());
    this.listener = listener;
    cluster.subscriptions().tell(new Subscribe<>(context.getSelf(), MemberEvent.class));
  }

  /**
   * Watches the membership of its own actor system.
   *
   * @param listener told the addresses (host:port) of all other members that are up
   */
  static Behavior<MemberEvent> create(Consumer<List<String>> listener) {
    return Behaviors.setup(context -> new MemberWatchActor(context, listener));
  }

  @Override
  public Receive<MemberEvent> createReceive() {
    return newReceiveBuilder().onMessage(MemberEvent.class, this::onChange).build();
  }

  private Behavior<MemberEvent> onChange(MemberEvent event) {
    var self = cluster.selfMember().uniqueAddress();
    var others =
        StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
            .filter(member -> member.status().equals(MemberStatus.up()))
            .filter(member -> !member.uniqueAddress().equals(self))
            .map(Member::address)
            .map(address -> address.getHost().get() + ":" + address.getPort().get())
            .toList();
    // Alone is no news: it would wipe out whom to ask after the next restart.
    if (!others.isEmpty()) {
      listener.accept(others);
    }
    return this;
  }
}
