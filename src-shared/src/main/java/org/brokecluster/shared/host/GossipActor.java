package org.brokecluster.shared.host;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;

/** Placeholder of the contract; the actor follows. */
public final class GossipActor {
  private GossipActor() {}

  /** Anything this actor accepts. */
  public sealed interface Command permits NodeIs, LoadIs {}

  /** What this member's node is and has; sent on every change, written at most once in 5 s. */
  public record NodeIs(
      ActorRef<NodeProtocol.Command> node,
      boolean simulated,
      String chip,
      long memoryBytes,
      List<ModelFacts> models)
      implements Command {}

  /** How this member's node is doing; sent on every change, written at most 4 times a second. */
  public record LoadIs(
      long termSeen,
      long ticketSeen,
      List<Long> openTickets,
      long memoryFreeBytes,
      boolean draining,
      List<ModelLoad> models)
      implements Command {}
}
