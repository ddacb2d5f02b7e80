package org.brokecluster.node;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.brokecluster.node.admission.Admission;
import org.brokecluster.node.drill.DrillGate;
import org.brokecluster.node.models.ModelStatus;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.state.MachineFacts;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.brokecluster.shared.host.GossipActor;
import org.jspecify.annotations.Nullable;

/** What the others are told of this node, unless a drill says nothing. Used by its actor only. */
final class NodeReport {
  private final NodeContext node;
  private final ActorRef<NodeProtocol.Command> self;
  private final DrillGate gate;
  private @Nullable List<ModelFacts> factsTold;
  private @Nullable MachineFacts machineTold;

  NodeReport(NodeContext node, ActorRef<NodeProtocol.Command> self, DrillGate gate) {
    this.node = node;
    this.self = self;
    this.gate = gate;
  }

  /** Tells what the node is and has, if that is news. */
  void factsTo(ActorRef<GossipActor.Command> gossip) {
    if (!gate.isOpen()) {
      return;
    }
    var facts = node.pool().models().stream().map(ModelStatus::facts).toList();
    var more = node.watch().facts();
    if (facts.equals(factsTold) && more.equals(machineTold)) {
      return;
    }
    factsTold = facts;
    machineTold = more;
    var machine = node.machine();
    gossip.tell(
        new GossipActor.NodeIs(
            self,
            machine.simulated(),
            machine.chip(),
            machine.memoryBytes(),
            more.equals(MachineFacts.UNKNOWN) ? null : more,
            facts));
  }

  /**
   * Tells how the node is doing.
   *
   * @param away why it takes no new work; null while it does
   */
  void loadTo(ActorRef<GossipActor.Command> gossip, Admission admission, @Nullable String away) {
    if (!gate.isOpen()) {
      return;
    }
    var models = node.pool().models().stream().map(model -> load(model, admission)).toList();
    var machine = node.watch().load();
    gossip.tell(
        new GossipActor.LoadIs(
            admission.termSeen(),
            admission.ticketSeen(),
            admission.openTickets(),
            node.pool().memoryFreeBytes(),
            node.pool().nearlyFull(),
            admission.draining(),
            models,
            machine.equals(MachineLoad.UNKNOWN) ? null : machine,
            away));
  }

  private static ModelLoad load(ModelStatus model, Admission admission) {
    var id = model.facts().id();
    return new ModelLoad(
        id,
        model.state(),
        model.progress(),
        model.reason(),
        admission.running(id),
        admission.waiting(id),
        model.pinned(),
        model.speed());
  }
}
