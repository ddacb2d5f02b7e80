package org.brokecluster.coordinator.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import org.brokecluster.protocol.router.RouterProtocol;

/**
 * The current membership as the reading endpoints use it.
 *
 * @param system its actor system, for asks
 * @param router proxy of the router singleton
 */
record ClusterLink(ActorSystem<?> system, ActorRef<RouterProtocol.Command> router) {}
