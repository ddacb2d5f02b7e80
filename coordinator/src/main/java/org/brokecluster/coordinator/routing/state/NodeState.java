package org.brokecluster.coordinator.routing.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.jspecify.annotations.Nullable;

/**
 * One incarnation of a node as the core sees it.
 *
 * @param incarnation uid of the cluster member
 * @param away why it takes no new work, in words; null while it does
 * @param echo what it told of its tickets
 * @param memoryFreeBytes memory a further model could take, 0 if unknown
 * @param reluctance how little its owner can like that it works just now, 0 to 1
 * @param models every model of which both facts and load are known, sorted by id
 */
public record NodeState(
    NodeId name,
    long incarnation,
    Reach reach,
    @Nullable String away,
    Echo echo,
    long memoryFreeBytes,
    double reluctance,
    List<HostedModel> models) {
  /** Why a node takes no new work that does not say why. */
  public static final String DRAINED = "the node is drained";

  private static final Echo SILENCE = new Echo(0, 0, 0, List.of());

  /** Sorts the models. */
  public NodeState {
    models = models.stream().sorted((a, b) -> a.facts().id().compareTo(b.facts().id())).toList();
  }

  /**
   * From what a node gossips, its speeds as heat leaves them; without a load yet it has no models
   * that could be used.
   */
  public static NodeState of(NodeFacts facts, @Nullable NodeLoad load, Reach reach) {
    if (load == null) {
      return new NodeState(facts.name(), facts.memberUid(), reach, null, SILENCE, 0, 0, List.of());
    }
    return new NodeState(
        facts.name(),
        facts.memberUid(),
        reach,
        load.draining() ? Objects.requireNonNullElse(load.away(), DRAINED) : null,
        new Echo(load.sequence(), load.termSeen(), load.ticketSeen(), load.openTickets()),
        load.memoryFreeBytes(),
        Reluctance.of(load.machine()),
        join(facts.models(), load.models(), Heat.share(load.machine())));
  }

  /** Whether it takes no new work. */
  public boolean draining() {
    return away != null;
  }

  private static ModelLoad slowed(ModelLoad load, double speedLeft) {
    return speedLeft >= 1
        ? load
        : new ModelLoad(
            load.id(),
            load.state(),
            load.progress(),
            load.reason(),
            load.running(),
            load.waiting(),
            load.pinned(),
            Heat.slowed(load.speed(), speedLeft));
  }

  private static List<HostedModel> join(
      List<ModelFacts> facts, List<ModelLoad> loads, double speedLeft) {
    var byId = new HashMap<ModelId, ModelLoad>();
    loads.forEach(load -> byId.put(load.id(), load));
    var joined = new ArrayList<HostedModel>(facts.size());
    for (var model : facts) {
      var load = byId.get(model.id());
      if (load != null) {
        joined.add(new HostedModel(model, slowed(load, speedLeft)));
      }
    }
    return joined;
  }
}
