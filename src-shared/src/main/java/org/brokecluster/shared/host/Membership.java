package org.brokecluster.shared.host;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.SpawnProtocol;

/**
 * One life of this host in the cluster: a clustered actor system that ends with a downing, a long
 * sleep or a shutdown, and is followed by the next.
 *
 * @param system the clustered actor system
 * @param gossip writes this member's facts and load into Distributed Data
 */
public record Membership(
    ActorSystem<SpawnProtocol.Command> system, ActorRef<GossipActor.Command> gossip) {

  /** Starts an actor that lives as long as this membership. */
  public <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
    return system.systemActorOf(behavior, name, Props.empty());
  }
}
