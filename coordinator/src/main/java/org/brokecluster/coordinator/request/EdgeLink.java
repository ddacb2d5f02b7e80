package org.brokecluster.coordinator.request;

import akka.actor.typed.ActorRef;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.router.RouterProtocol;

/**
 * How requests reach the cluster through the current membership.
 *
 * @param router proxy of the router singleton
 * @param edge this host's address for routers and nodes
 */
public record EdgeLink(
    ActorRef<RouterProtocol.Command> router, ActorRef<EdgeProtocol.Command> edge) {}
