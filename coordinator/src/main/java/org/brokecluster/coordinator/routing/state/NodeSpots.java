package org.brokecluster.coordinator.routing.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.brokecluster.protocol.model.ModelState;

/**
 * A node with its spots.
 *
 * @param spots one for each model, sorted by model
 * @param widest largest number of slots among its models, at least 1
 * @param mayLeave models in memory that are not pinned, those loaded soonest again first
 */
public record NodeSpots(NodeState state, List<Spot> spots, int widest, List<Spot> mayLeave) {
  private static final double GIB = 1024.0 * 1024 * 1024;

  /** Prepares a node. */
  public static NodeSpots of(NodeState state) {
    var spots =
        state.models().stream()
            .map(hosted -> new Spot(state.name(), hosted, state.reluctance()))
            .toList();
    int widest = spots.stream().mapToInt(Spot::slots).max().orElse(1);
    var mayLeave =
        spots.stream()
            .filter(spot -> isResident(spot.state()) && !spot.hosted().load().pinned())
            .sorted(Comparator.comparingDouble(spot -> spot.speed().loadSeconds()))
            .toList();
    return new NodeSpots(state, spots, widest, mayLeave);
  }

  /**
   * Whether a model could be loaded.
   *
   * @param busy whether a model has work and so cannot make room
   */
  public boolean fits(Spot wanted, Predicate<Spot> busy) {
    return !wanted.sizeKnown() || wanted.gigabytes() <= roomFor(wanted, busy);
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
      if (spot != wanted && isResident(spot.state()) && !spot.hosted().load().pinned()) {
        room += !busy.test(spot) ? spot.gigabytes() : 0;
      }
    }
    return room;
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

  static boolean isResident(ModelState state) {
    return state == ModelState.LOADED || state == ModelState.LOADING;
  }
}
