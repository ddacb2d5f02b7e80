package org.brokecluster.coordinator.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.SingletonActor;
import org.brokecluster.protocol.router.RouterProtocol;
import org.brokecluster.shared.host.HostSettings;
import org.brokecluster.shared.host.Membership;

/** The one router of the cluster, as coordinators run it and everybody reaches it. */
final class RouterSingleton {
  private static final String NAME = "router";

  private RouterSingleton() {}

  /** On a coordinator: takes part in running the router. Returns the proxy, as {@link #proxy}. */
  static ActorRef<RouterProtocol.Command> run(
      Membership membership, Behavior<RouterProtocol.Command> router) {
    return ClusterSingleton.get(membership.system())
        .init(
            SingletonActor.of(router, NAME)
                .withSettings(
                    ClusterSingletonSettings.create(membership.system())
                        .withRole(HostSettings.COORDINATOR)));
  }

  /** On any other member: the way to the router, wherever it runs. Keeps nothing back. */
  static ActorRef<RouterProtocol.Command> proxy(Membership membership) {
    return run(membership, Behaviors.empty());
  }
}
