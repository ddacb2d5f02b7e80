package org.brokecluster.coordinator.router;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.brokecluster.coordinator.history.EventSink;
import org.brokecluster.coordinator.routing.EdgeAddress;
import org.brokecluster.coordinator.routing.Effect;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.RouterProtocol;

/** Does what a core wants done: sends messages and hands on events. One for each term. */
final class EffectRunner {
  private final ActorRef<RouterProtocol.Command> router;
  private final ActorRef<NodeProtocol.Done> answers;
  private final EventSink sink;
  private ClusterView view = ClusterView.EMPTY;
  private long staleSeen;

  /**
   * Does it in the name of a router.
   *
   * @param answers hears what nodes say to orders about models; what came of them is seen in their
   *     reports
   */
  EffectRunner(
      ActorRef<RouterProtocol.Command> router,
      ActorRef<NodeProtocol.Done> answers,
      EventSink sink) {
    this.router = router;
    this.answers = answers;
    this.sink = sink;
  }

  /** Messages go to the nodes of this view from now on. */
  void view(ClusterView latest) {
    view = latest;
  }

  /** Highest term a node knows that is above this router's; 0 while there is none. */
  long staleSeen() {
    return staleSeen;
  }

  /** Does all of it, in order. */
  void run(List<Effect> effects) {
    for (var effect : effects) {
      run(effect);
    }
  }

  private void run(Effect effect) {
    if (effect instanceof Effect.Emit emit) {
      sink.emit(emit.event());
    } else if (effect instanceof Effect.SendTicket ticket) {
      toNode(ticket.node(), ticket(ticket));
    } else if (effect instanceof Effect.SendCancel cancel) {
      toNode(cancel.node(), new NodeProtocol.Cancel(cancel.attempt()));
    } else if (effect instanceof Effect.ReplyQueued queued) {
      edge(queued.edge())
          .tell(
              new EdgeProtocol.Queued(
                  queued.attempt(), queued.term(), queued.position(), queued.etaMs()));
    } else if (effect instanceof Effect.ReplyPlaced placed) {
      edge(placed.edge())
          .tell(new EdgeProtocol.Placed(placed.attempt(), placed.term(), placed.node()));
    } else if (effect instanceof Effect.ReplyRefused refused) {
      edge(refused.edge())
          .tell(
              new EdgeProtocol.Refused(
                  refused.attempt(),
                  refused.term(),
                  refused.reason(),
                  refused.message(),
                  refused.retryAfterMs()));
    } else if (effect instanceof Effect.ReplyNoted noted) {
      edge(noted.edge()).tell(new EdgeProtocol.Noted(noted.attempt()));
    } else if (effect instanceof Effect.OrderModel order) {
      var action = order.load() ? NodeProtocol.ModelAction.LOAD : NodeProtocol.ModelAction.UNLOAD;
      toNode(
          order.node(),
          new NodeProtocol.ModelCommand(order.model(), action, order.keep().toSeconds(), answers));
    } else if (effect instanceof Effect.NeedHigherTerm higher) {
      staleSeen = Math.max(staleSeen, higher.seen());
    }
  }

  private NodeProtocol.Ticket ticket(Effect.SendTicket ticket) {
    return new NodeProtocol.Ticket(
        ticket.attempt(),
        ticket.term(),
        ticket.number(),
        ticket.api(),
        ticket.placement(),
        ticket.promptBytes(),
        ticket.expectedTokens(),
        edge(ticket.edge()),
        router);
  }

  /** A node that has left the view gets nothing: the core hears of that by the same view. */
  private void toNode(NodeId name, NodeProtocol.Command message) {
    var facts = view.member(name).map(ClusterView.MemberView::facts).orElse(null);
    if (facts != null && facts.node() != null) {
      facts.node().tell(message);
    }
  }

  private static ActorRef<EdgeProtocol.Command> edge(EdgeAddress address) {
    if (address instanceof EdgeRef edge) {
      return edge.ref();
    }
    throw new IllegalArgumentException("not an address of a live edge: " + address);
  }
}
