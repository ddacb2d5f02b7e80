package org.brokecluster.coordinator.routing.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.shared.hardware.ModelFamily;
import org.brokecluster.shared.hardware.Quantization;
import org.jspecify.annotations.Nullable;

/**
 * All nodes at one moment, prepared for decisions. Immutable; a change of one node keeps what was
 * prepared for the others.
 *
 * @param nodes sorted by name
 */
public record Snapshot(List<NodeSpots> nodes) {
  /** No node at all. */
  public static final Snapshot EMPTY = new Snapshot(List.of());

  /** Copies the list. */
  public Snapshot {
    nodes = List.copyOf(nodes);
  }

  /** Prepares these nodes. */
  public static Snapshot of(Collection<NodeState> states) {
    var byName = new TreeMap<NodeId, NodeSpots>();
    states.forEach(state -> byName.put(state.name(), NodeSpots.of(state)));
    return new Snapshot(List.copyOf(byName.values()));
  }

  /** The same with this node added or replaced. */
  public Snapshot with(NodeState state) {
    var changed = new ArrayList<NodeSpots>(nodes.size() + 1);
    var prepared = NodeSpots.of(state);
    boolean placed = false;
    for (var node : nodes) {
      int order = node.state().name().compareTo(state.name());
      if (!placed && order >= 0) {
        changed.add(prepared);
        placed = true;
      }
      if (order != 0) {
        changed.add(node);
      }
    }
    if (!placed) {
      changed.add(prepared);
    }
    return new Snapshot(changed);
  }

  /** The same without this node. */
  public Snapshot without(NodeId name) {
    return new Snapshot(nodes.stream().filter(node -> !node.state().name().equals(name)).toList());
  }

  /** The node with this name. */
  public Optional<NodeSpots> node(NodeId name) {
    return nodes.stream().filter(node -> node.state().name().equals(name)).findFirst();
  }

  /** Known context of a model on a node in tokens, or -1. */
  public int contextOf(NodeId name, @Nullable ModelId model) {
    return node(name).stream()
        .flatMap(node -> node.spots().stream())
        .filter(spot -> spot.model().equals(model))
        .map(spot -> spot.hosted().facts().contextLength())
        .mapToInt(context -> context == null ? -1 : context)
        .max()
        .orElse(-1);
  }

  /** Nodes that are up and have a model in memory, or are loading it. */
  public int copiesInMemory(ModelId model) {
    int copies = 0;
    for (var node : nodes) {
      for (var spot : node.state().reach() == Reach.UP ? node.spots() : List.<Spot>of()) {
        copies += spot.model().equals(model) && NodeSpots.isResident(spot.state()) ? 1 : 0;
      }
    }
    return copies;
  }

  /** Whether a node that can be spoken to takes part. */
  public boolean hasNodeUp() {
    return nodes.stream().anyMatch(node -> node.state().reach() == Reach.UP);
  }

  /** Whether any node has the model, in whatever state. */
  public boolean has(ModelId model) {
    return nodes.stream()
        .anyMatch(node -> node.spots().stream().anyMatch(spot -> spot.model().equals(model)));
  }

  /**
   * The models that a name stands for, best first: the model of that name, or else those variants
   * of it that can be served. A name that says which quantisation is wanted has no variants.
   *
   * @param preferred quantisation to take first
   * @return the name itself where nobody has anything like it
   */
  public List<ModelId> meant(ModelId name, String preferred) {
    if (has(name) || Quantization.inName(name.value()).isPresent()) {
      return List.of(name);
    }
    var family = ModelFamily.of(name.value());
    var nearest =
        Comparator.comparing(ModelId::value, ModelFamily.nearestTo(preferred))
            .thenComparing(Comparator.naturalOrder());
    var variants =
        nodes.stream()
            .flatMap(node -> node.spots().stream())
            .filter(spot -> spot.state().servable() && spot.family().equals(family))
            .map(Spot::model)
            .distinct()
            .sorted(nearest)
            .toList();
    return variants.isEmpty() ? List.of(name) : variants;
  }

  /** Models that some node can serve, sorted. */
  public List<ModelId> servableModels() {
    return nodes.stream()
        .flatMap(node -> node.spots().stream())
        .filter(spot -> spot.state().servable())
        .map(Spot::model)
        .distinct()
        .sorted()
        .toList();
  }
}
