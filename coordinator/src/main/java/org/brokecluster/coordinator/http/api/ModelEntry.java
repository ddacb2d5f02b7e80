package org.brokecluster.coordinator.http.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.jspecify.annotations.Nullable;

/**
 * One model of the cluster, over all nodes that have it.
 *
 * @param state the best of all nodes: loaded, loading, disk, failed, unsupported
 * @param nodes names of the nodes that have it, sorted
 * @param servable whether a node that takes requests can answer with it
 * @param places how it is on each of the nodes, by name
 */
public record ModelEntry(
    String id,
    Tier tier,
    List<String> nodes,
    ModelState state,
    boolean servable,
    boolean simulated,
    int running,
    int waiting,
    @Nullable Long parameters,
    @Nullable String quantization,
    @Nullable Integer contextLength,
    @Nullable Long bytes,
    List<At> places) {

  /**
   * The model on one node.
   *
   * @param nodeState state of the node, such as {@code up}
   * @param progress share of a running load, 0 to 1
   * @param reason why it failed or is unsupported there
   */
  public record At(
      String node,
      String nodeState,
      ModelState state,
      String runtime,
      boolean pinned,
      int running,
      int waiting,
      int slots,
      @Nullable Double progress,
      @Nullable String reason,
      @Nullable SpeedEntry speed) {}

  /** Best first. */
  private static final List<ModelState> BEST_FIRST =
      List.of(
          ModelState.LOADED,
          ModelState.LOADING,
          ModelState.DISK,
          ModelState.FAILED,
          ModelState.UNSUPPORTED);

  private record Place(NodeEntry node, NodeModelEntry model) {
    private boolean servable() {
      return node.serving() && model.state().servable();
    }

    private At at() {
      return new At(
          node.name(),
          node.state(),
          model.state(),
          model.runtime(),
          model.pinned(),
          model.running(),
          model.waiting(),
          model.slots(),
          model.progress(),
          model.reason(),
          model.speed());
    }
  }

  /** Copies the lists. */
  public ModelEntry {
    nodes = List.copyOf(nodes);
    places = List.copyOf(places);
  }

  /** Every model of these nodes: the largest tier first, then by name. */
  public static List<ModelEntry> of(List<NodeEntry> nodes) {
    var places = new TreeMap<String, List<Place>>();
    for (var node : nodes) {
      for (var model : node.models()) {
        places.computeIfAbsent(model.id(), id -> new ArrayList<>()).add(new Place(node, model));
      }
    }
    return places.values().stream()
        .map(ModelEntry::joined)
        .sorted(Comparator.comparing(ModelEntry::tier).reversed().thenComparing(ModelEntry::id))
        .toList();
  }

  private static ModelEntry joined(List<Place> places) {
    var best =
        places.stream()
            .min(
                Comparator.comparing((Place place) -> !place.servable())
                    .thenComparing(place -> BEST_FIRST.indexOf(place.model().state()))
                    .thenComparing(place -> place.node().name()))
            .orElseThrow();
    return new ModelEntry(
        best.model().id(),
        best.model().tier(),
        places.stream().map(place -> place.node().name()).sorted().distinct().toList(),
        best.model().state(),
        places.stream().anyMatch(Place::servable),
        places.stream().allMatch(place -> place.model().simulated()),
        places.stream().mapToInt(place -> place.model().running()).sum(),
        places.stream().mapToInt(place -> place.model().waiting()).sum(),
        first(places, NodeModelEntry::parameters),
        first(places, NodeModelEntry::quantization),
        smallest(places),
        first(places, NodeModelEntry::bytes),
        places.stream().map(Place::at).sorted(Comparator.comparing(At::node)).toList());
  }

  private static <T> @Nullable T first(
      List<Place> places, Function<NodeModelEntry, @Nullable T> value) {
    return places.stream()
        .map(place -> value.apply(place.model()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The context every node can offer. */
  private static @Nullable Integer smallest(List<Place> places) {
    return places.stream()
        .map(place -> place.model().contextLength())
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }
}
