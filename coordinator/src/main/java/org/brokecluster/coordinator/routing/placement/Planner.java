package org.brokecluster.coordinator.routing.placement;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.brokecluster.coordinator.routing.demand.Demand;
import org.brokecluster.coordinator.routing.ledger.Ledger;
import org.brokecluster.coordinator.routing.state.NodeSpots;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.coordinator.routing.state.Snapshot;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.jspecify.annotations.Nullable;

/**
 * Plans which models should be loaded or unloaded where: what saves most waiting in the hour to
 * come, less what those lose whose models leave for it. Pinned models stay, nodes that are drained,
 * full or just loading are left alone, and so is what was moved a short while ago. Pure.
 */
final class Planner {
  /** The usual demand of this much later is prepared for. */
  static final Duration AHEAD = Duration.ofMinutes(20);

  private static final int MOVES_MAX = 3;

  /** A move must be worth so many times what it takes from others. */
  private static final double MARGIN = 2;

  /** A model is asked for that will be with this probability in the hour to come. */
  private static final double LIKELY = 0.5;

  /** A surplus copy saves less than this in an hour. */
  private static final double NOTHING_SECONDS = 1;

  private final Snapshot snapshot;
  private final Ledger ledger;
  private final PlacementSettings settings;
  private final double slowdown;
  private final Predicate<Spot> settled;
  private final TreeMap<ModelId, Expected> expected = new TreeMap<>();

  /**
   * A planner for one moment.
   *
   * @param slowdown share by which each further stream slows all of a model's where nothing was
   *     measured
   * @param settled whether a model has been as it is on its node for long enough to be moved
   */
  Planner(
      Snapshot snapshot,
      Demand demand,
      Ledger ledger,
      PlacementSettings settings,
      double slowdown,
      Predicate<Spot> settled,
      Instant at,
      long nowMillis) {
    this.snapshot = snapshot;
    this.ledger = ledger;
    this.settings = settings;
    this.slowdown = slowdown;
    this.settled = settled;
    for (var node : snapshot.nodes()) {
      for (var spot : node.spots()) {
        if (spot.state().servable()) {
          expected.computeIfAbsent(spot.model(), each -> expect(spot, demand, at, nowMillis));
        }
      }
    }
  }

  private Expected expect(Spot spot, Demand demand, Instant at, long nowMillis) {
    var model = spot.model();
    int slots = spot.slots();
    return new Expected(
        model,
        demand.perSecond(model, nowMillis) * 3_600,
        demand.usualPerHour(model, at.plus(AHEAD)),
        demand.serviceMs(model) / 1000,
        Math.max(1, slots / spot.speed().slowdown(slots, slowdown)),
        snapshot.copiesInMemory(model));
  }

  /** What is expected of each model, by name. */
  List<Expected> expected() {
    return List.copyOf(expected.values());
  }

  /** The plan: the best moves, none of which is in the way of another; best first. */
  List<Move> plan() {
    var all = new ArrayList<Move>();
    for (var node : snapshot.nodes()) {
      if (takesOrders(node)) {
        for (var spot : node.spots()) {
          var move = move(node, spot);
          if (move != null) {
            all.add(move);
          }
        }
      }
    }
    all.sort(
        Comparator.comparingDouble(Move::worth)
            .reversed()
            .thenComparing(Move::model)
            .thenComparing(Move::node));
    var plan = new ArrayList<Move>();
    for (var move : all) {
      boolean apart =
          plan.stream()
              .noneMatch(
                  other -> other.node().equals(move.node()) || other.model().equals(move.model()));
      if (apart && plan.size() < MOVES_MAX) {
        plan.add(move);
      }
    }
    return plan;
  }

  private static boolean takesOrders(NodeSpots node) {
    return node.state().reach() == Reach.UP
        && !node.state().draining()
        && node.spots().stream().noneMatch(spot -> spot.state() == ModelState.LOADING);
  }

  private @Nullable Move move(NodeSpots node, Spot spot) {
    var model = expected.get(spot.model());
    if (model == null || !settled.test(spot)) {
      return null;
    }
    return switch (spot.state()) {
      case DISK -> load(node, spot, model);
      case LOADED -> unload(node, spot, model);
      case LOADING, FAILED, UNSUPPORTED -> null;
    };
  }

  private @Nullable Move load(NodeSpots node, Spot spot, Expected model) {
    double seconds = spot.speed().loadSeconds();
    int copies = model.copies();
    double gain = model.waiting(copies, seconds) - model.waiting(copies + 1, seconds);
    if (gain < settings.gainMin().toMillis() / 1000.0 || !node.fits(spot, this::mustStay)) {
      return null;
    }
    double loss = 0;
    var leaving = new ArrayList<ModelId>();
    for (var gone : node.evicted(spot, this::inFlight)) {
      if (mustStay(gone)) {
        return null;
      }
      leaving.add(gone.model());
      loss += lost(gone);
    }
    return gain < MARGIN * loss
        ? null
        : new Move(
            Move.Kind.LOAD,
            node.state().name(),
            spot.model(),
            leaving,
            gain,
            loss,
            why(model, gain));
  }

  /** Waiting that the end of one copy brings, in seconds. */
  private double lost(Spot gone) {
    var model = expected.get(gone.model());
    double seconds = gone.speed().loadSeconds();
    return model == null
        ? 0
        : model.waiting(model.copies() - 1, seconds) - model.waiting(model.copies(), seconds);
  }

  private @Nullable Move unload(NodeSpots node, Spot spot, Expected model) {
    if (model.copies() < 2 || mustStay(spot) || lost(spot) > NOTHING_SECONDS) {
      return null;
    }
    var newcomer = inItsPlace(node, spot);
    if (newcomer == null) {
      return null;
    }
    var why =
        String.format(
            Locale.ROOT,
            "%.1f requests an hour need no more than %d of %d copies, and %s has no room there",
            model.requests(),
            model.copies() - 1,
            model.copies(),
            newcomer.model());
    return new Move(
        Move.Kind.UNLOAD, node.state().name(), spot.model(), List.of(), 0, lost(spot), why);
  }

  /**
   * A model that is asked for and could only come into this memory if this one left it, or null.
   */
  private @Nullable Spot inItsPlace(NodeSpots node, Spot spot) {
    for (var other : node.spots()) {
      var model = expected.get(other.model());
      if (other.state() == ModelState.DISK
          && model != null
          && model.anybody() > LIKELY
          && node.evicted(other, this::inFlight).contains(spot)) {
        return other;
      }
    }
    return null;
  }

  private boolean mustStay(Spot spot) {
    return spot.hosted().load().pinned() || inFlight(spot) > 0 || !settled.test(spot);
  }

  private int inFlight(Spot spot) {
    return ledger.work(spot.node()).inFlight(spot.model());
  }

  private static String why(Expected model, double gain) {
    var source =
        model.usually() > model.lately()
            ? String.format(Locale.ROOT, "%.1f requests usually come at this hour", model.usually())
            : String.format(Locale.ROOT, "%.1f requests an hour come lately", model.lately());
    var there =
        model.copies() == 0
            ? "and it is in memory nowhere"
            : String.format(
                Locale.ROOT,
                "and keep %d %s busy for %.0f %% of the time",
                model.copies(),
                model.copies() == 1 ? "copy" : "copies",
                100 * model.busy(model.copies()));
    return String.format(
        Locale.ROOT, "%s, %s; saves about %.0f s of waiting in an hour", source, there, gain);
  }
}
