package org.brokecluster.simulation;

import org.brokecluster.coordinator.routing.Effect;
import org.brokecluster.node.admission.NodeDesk;
import org.brokecluster.node.admission.Order;
import org.brokecluster.protocol.id.AttemptId;

/** A router's ticket with the ways back. */
record PlayedTicket(Effect.SendTicket sent, Order order, Mailbox edge, PlayedRouter router)
    implements NodeDesk.Claim<Mailbox> {

  AttemptId attempt() {
    return sent.attempt();
  }

  @Override
  public String toString() {
    return "Ticket[%s term %d number %d %s]"
        .formatted(sent.attempt(), sent.term(), sent.number(), sent.placement().model());
  }
}
