package org.brokecluster.coordinator.routing.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.brokecluster.protocol.model.ModelState;
import org.jspecify.annotations.Nullable;

/** A node with its spots. Immutable, but for what is worked out when it is first asked for. */
public final class NodeSpots {
  private static final double GIB = 1024.0 * 1024 * 1024;

  private final NodeState state;
  private final List<Spot> spots;
  private final int widest;
  private final int streams;
  private final boolean loading;
  private final List<Spot> mayLeave;
  private final double mostRoom;

  /** What leaves an idle node for each of its models, by position. */
  private final @Nullable List<Spot>[] leaves;

  private NodeSpots(NodeState state, List<Spot> spots) {
    this.state = state;
    this.spots = spots;
    this.leaves = lists(spots.size());
    int widestYet = spots.isEmpty() ? 1 : 0;
    int inMemory = 0;
    boolean anyLoading = false;
    var residents = new ArrayList<Spot>(spots.size());
    for (var spot : spots) {
      widestYet = Math.max(widestYet, spot.slots());
      anyLoading |= spot.state() == ModelState.LOADING;
      if (isResident(spot.state())) {
        inMemory += spot.slots();
        if (!spot.hosted().load().pinned()) {
          residents.add(spot);
        }
      }
    }
    residents.sort(Comparator.comparingDouble(spot -> spot.speed().loadSeconds()));
    this.widest = widestYet;
    this.streams = inMemory;
    this.loading = anyLoading;
    this.mayLeave = List.copyOf(residents);
    this.mostRoom = mostRoom(state, spots);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static @Nullable List<Spot>[] lists(int count) {
    return new List[count];
  }

  /** Prepares a node. */
  public static NodeSpots of(NodeState state) {
    var spots = new ArrayList<Spot>(state.models().size());
    for (var hosted : state.models()) {
      spots.add(new Spot(state, spots.size(), hosted));
    }
    return new NodeSpots(state, List.copyOf(spots));
  }

  /** The node as it reported itself. */
  public NodeState state() {
    return state;
  }

  /** One for each model, sorted by model. */
  public List<Spot> spots() {
    return spots;
  }

  /** Largest number of slots among its models, at least 1. */
  public int widest() {
    return widest;
  }

  /** Streams that its models in memory run side by side. */
  public int streams() {
    return streams;
  }

  /** Whether it reports that one of its models is being loaded. */
  public boolean loading() {
    return loading;
  }

  /**
   * Whether a model could be loaded.
   *
   * @param busy whether a model has work and so cannot make room
   */
  public boolean fits(Spot wanted, Predicate<Spot> busy) {
    return !wanted.sizeKnown() || wanted.gigabytes() <= roomFor(wanted, busy);
  }

  /** Whether a model that is not in memory could be loaded if the node had nothing to do. */
  public boolean fitsWhenIdle(Spot wanted) {
    return !wanted.sizeKnown() || wanted.gigabytes() <= mostRoom;
  }

  /** Whether a model could be loaded beside all that is in memory already. */
  public boolean fitsBeside(Spot wanted) {
    return fits(wanted, each -> true);
  }

  /**
   * Memory in GiB that could be made free for a further model: what is free, and what loaded models
   * take that are neither pinned nor busy. Infinite if the node does not know its memory.
   *
   * @param busy whether a model has work and so cannot make room
   */
  private double roomFor(Spot wanted, Predicate<Spot> busy) {
    if (state.memoryFreeBytes() <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    double room = state.memoryFreeBytes() / GIB;
    for (var spot : spots) {
      if (spot != wanted && mayLeave(spot)) {
        room += !busy.test(spot) ? spot.gigabytes() : 0;
      }
    }
    return room;
  }

  /** The same for a model that is not in memory, while nothing is busy. */
  private static double mostRoom(NodeState state, List<Spot> spots) {
    if (state.memoryFreeBytes() <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    double room = state.memoryFreeBytes() / GIB;
    for (var spot : spots) {
      room += mayLeave(spot) ? spot.gigabytes() : 0;
    }
    return room;
  }

  private static boolean mayLeave(Spot spot) {
    return isResident(spot.state()) && !spot.hosted().load().pinned();
  }

  /**
   * What would have to leave the memory for a model: idle models first, those loaded soonest again
   * first of all.
   *
   * @param inFlight attempts of a model on the node
   */
  public List<Spot> evicted(Spot wanted, ToIntFunction<Spot> inFlight) {
    if (state.memoryFreeBytes() <= 0 || !wanted.sizeKnown()) {
      return List.of();
    }
    double missing = wanted.gigabytes() - state.memoryFreeBytes() / GIB;
    if (missing <= 0) {
      return List.of();
    }
    var leaving = new ArrayList<Spot>(2);
    for (int round = 0; round < 2 && missing > 0; round++) {
      for (int i = 0; i < mayLeave.size() && missing > 0; i++) {
        var spot = mayLeave.get(i);
        boolean idle = inFlight.applyAsInt(spot) == 0;
        if (spot != wanted && idle == (round == 0)) {
          missing -= spot.gigabytes();
          leaving.add(spot);
        }
      }
    }
    return leaving;
  }

  /** The same for a node that has no work at all. */
  public List<Spot> evictedWhenIdle(Spot wanted) {
    var known = leaves[wanted.position()];
    if (known == null) {
      known = evicted(wanted, each -> 0);
      leaves[wanted.position()] = known;
    }
    return known;
  }

  static boolean isResident(ModelState state) {
    return state == ModelState.LOADED || state == ModelState.LOADING;
  }
}
