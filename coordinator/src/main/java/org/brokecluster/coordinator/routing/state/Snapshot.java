package org.brokecluster.coordinator.routing.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 */
public final class Snapshot {
  /** No node at all. */
  public static final Snapshot EMPTY = new Snapshot(List.of());

  private final List<NodeSpots> nodes;

  /** Worked out when it is first asked for: seldom. */
  private @Nullable Map<ModelId, Integer> copies;

  private Snapshot(List<NodeSpots> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /** Every node, sorted by name. */
  public List<NodeSpots> nodes() {
    return nodes;
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
    int low = 0;
    int high = nodes.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      var node = nodes.get(middle);
      int order = node.state().name().compareTo(name);
      if (order == 0) {
        return Optional.of(node);
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return Optional.empty();
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
    var known = copies;
    if (known == null) {
      known = new HashMap<>();
      for (var node : nodes) {
        for (var spot : node.state().reach() == Reach.UP ? node.spots() : List.<Spot>of()) {
          if (NodeSpots.isResident(spot.state())) {
            known.merge(spot.model(), 1, Integer::sum);
          }
        }
      }
      copies = known;
    }
    return known.getOrDefault(model, 0);
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
