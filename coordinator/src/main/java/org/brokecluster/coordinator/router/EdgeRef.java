package org.brokecluster.coordinator.router;

import akka.actor.typed.ActorRef;
import org.brokecluster.coordinator.routing.EdgeAddress;
import org.brokecluster.protocol.edge.EdgeProtocol;

/** The address of an edge, as the live router uses it. */
record EdgeRef(ActorRef<EdgeProtocol.Command> ref, String member) implements EdgeAddress {

  /** Of a reference; one without a host belongs to this member. */
  static EdgeRef of(ActorRef<EdgeProtocol.Command> ref, String self) {
    var address = ref.path().address();
    boolean remote = address.getHost().isPresent() && address.getPort().isPresent();
    return new EdgeRef(
        ref, remote ? address.getHost().get() + ":" + address.getPort().get() : self);
  }
}
