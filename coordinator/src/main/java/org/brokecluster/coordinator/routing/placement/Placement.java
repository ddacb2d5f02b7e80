package org.brokecluster.coordinator.routing.placement;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.event.ByPlan;
import org.brokecluster.coordinator.routing.demand.Demand;
import org.brokecluster.coordinator.routing.ledger.Ledger;
import org.brokecluster.coordinator.routing.state.NodeSpots;
import org.brokecluster.coordinator.routing.state.Snapshot;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the plan of a router: makes it anew in intervals, says what of it is to be ordered, and
 * follows what comes of it. Never more than {@link PlacementSettings#movesPerHour} moves in an
 * hour, nothing that came or went within {@link PlacementSettings#residence}, and nothing at all
 * before the router has watched for that long. Pure: time comes in. Not thread safe.
 */
public final class Placement {
  private static final long HOUR_MS = 3_600_000;
  private static final long PATIENCE_MIN_MS = 120_000;
  private static final double LOADS_LATE = 3;

  private final PlacementSettings settings;
  private final double slowdown;
  private final long startMillis;
  private final Map<NodeId, Map<ModelId, Since>> since = new HashMap<>();
  private final Deque<Long> orders = new ArrayDeque<>();
  private final Deque<DoneMove> past = new ArrayDeque<>();
  private List<Move> plan = List.of();
  private List<Expected> expected = List.of();
  private Instant plannedAt = Instant.EPOCH;
  private long plannedMillis;

  private record Since(ModelState state, long millis) {}

  /**
   * Nothing is planned yet.
   *
   * @param slowdown share by which each further stream slows all of a model's where nothing was
   *     measured
   */
  public Placement(PlacementSettings settings, double slowdown, long nowMillis) {
    this.settings = settings;
    this.slowdown = slowdown;
    this.startMillis = nowMillis;
    this.plannedMillis = nowMillis;
  }

  /** A node is new or has changed. */
  public void sees(NodeSpots node, long nowMillis) {
    var name = node.state().name();
    var before = since.getOrDefault(name, Map.of());
    var now = new HashMap<ModelId, Since>();
    for (var spot : node.spots()) {
      var known = before.get(spot.model());
      boolean same = known != null && known.state() == spot.state();
      now.put(spot.model(), same ? known : new Since(spot.state(), nowMillis));
    }
    since.put(name, now);
    for (var done : past) {
      if (done.move().node().equals(name)) {
        var model = now.get(done.move().model());
        done.sees(model == null ? null : model.state(), nowMillis);
      }
    }
  }

  /** A node is gone. */
  public void gone(NodeId node, long nowMillis) {
    since.remove(node);
    for (var done : past) {
      if (done.move().node().equals(node)) {
        done.sees(null, nowMillis);
      }
    }
  }

  /** Why a model is in a node's memory, if the plan had it brought there; else null. */
  public @Nullable ByPlan broughtBy(NodeId node, ModelId model) {
    for (var done : past) {
      if (done.holds() && done.isOf(node, model)) {
        return new ByPlan(done.at(), done.move().why());
      }
    }
    return null;
  }

  /**
   * How long a node keeps what it was made to load although nobody uses it: until the demand that
   * was foreseen has come, or has not. With less, what is loaded ahead of its hour would be gone
   * when the hour begins, only to be loaded again.
   */
  public Duration keep() {
    return Planner.AHEAD.plus(settings.residence());
  }

  /** A request was given to a model on a node. */
  public void used(NodeId node, ModelId model, long nowMillis) {
    for (var done : past) {
      if (done.isOf(node, model)) {
        done.used(nowMillis);
        return;
      }
    }
  }

  /** Time passes; answers the moves that are to be ordered now. */
  public List<Move> tick(
      Snapshot snapshot, Demand demand, Ledger ledger, Instant at, long nowMillis) {
    if (settings.mode() == PlacementMode.OFF
        || (nowMillis - plannedMillis < settings.interval().toMillis() && !expected.isEmpty())) {
      return List.of();
    }
    snapshot.nodes().forEach(node -> sees(node, nowMillis));
    var planner =
        new Planner(
            snapshot,
            demand,
            ledger,
            settings,
            slowdown,
            spot -> settled(spot, nowMillis),
            at,
            nowMillis);
    expected = planner.expected();
    plan = planner.plan();
    plannedAt = at;
    plannedMillis = nowMillis;
    return settings.mode() == PlacementMode.ACT
        ? order(snapshot, at, nowMillis)
        : suggest(snapshot, at, nowMillis);
  }

  private boolean settled(Spot spot, long nowMillis) {
    var known = since.getOrDefault(spot.node(), Map.of()).get(spot.model());
    long from = known == null ? nowMillis : Math.max(startMillis, known.millis());
    return nowMillis - from >= settings.residence().toMillis();
  }

  private List<Move> order(Snapshot snapshot, Instant at, long nowMillis) {
    while (!orders.isEmpty() && nowMillis - orders.getFirst() >= HOUR_MS) {
      orders.removeFirst();
    }
    if (plan.isEmpty() || orders.size() >= settings.movesPerHour()) {
      return List.of();
    }
    var move = plan.get(0);
    if (lately(move, nowMillis)) {
      return List.of();
    }
    orders.addLast(nowMillis);
    remember(snapshot, move, true, at, nowMillis);
    return List.of(move);
  }

  private List<Move> suggest(Snapshot snapshot, Instant at, long nowMillis) {
    for (var move : plan) {
      if (!lately(move, nowMillis)) {
        remember(snapshot, move, false, at, nowMillis);
      }
    }
    return List.of();
  }

  /** Whether the same was proposed before and may still happen, or was in the last residence. */
  private boolean lately(Move move, long nowMillis) {
    for (var done : past) {
      if (done.move().sameAs(move)
          && (done.pending() || nowMillis - done.sinceMillis() < settings.residence().toMillis())) {
        return true;
      }
    }
    return false;
  }

  private void remember(Snapshot snapshot, Move move, boolean ordered, Instant at, long nowMillis) {
    double loadMs =
        snapshot.node(move.node()).stream()
            .flatMap(node -> node.spots().stream())
            .filter(spot -> spot.model().equals(move.model()))
            .mapToDouble(spot -> spot.speed().loadSeconds() * 1000)
            .findFirst()
            .orElse(0);
    long patience = Math.max(PATIENCE_MIN_MS, Math.round(LOADS_LATE * loadMs));
    past.addFirst(new DoneMove(move, ordered, at, nowMillis, ordered ? patience : HOUR_MS));
    while (past.size() > settings.kept()) {
      past.removeLast();
    }
  }

  /** The plan as it is now. */
  public PlanView view(Instant at, long nowMillis) {
    return new PlanView(
        settings.mode().label(),
        plannedAt.equals(Instant.EPOCH) ? at : plannedAt,
        note(nowMillis),
        expected.stream().map(Placement::model).toList(),
        plan.stream().map(Placement::planned).toList(),
        past.stream().map(Placement::past).toList());
  }

  private String note(long nowMillis) {
    if (settings.mode() == PlacementMode.OFF) {
      return "nothing is planned: broke.router.placement.mode is off";
    }
    long left = settings.residence().toMillis() - (nowMillis - startMillis);
    if (left > 0) {
      return "this router is new and only watches what is asked for; it proposes moves in %s"
          .formatted(minutes(left));
    }
    if (settings.mode() == PlacementMode.ACT && orders.size() >= settings.movesPerHour()) {
      return "as many moves as may be in an hour have been made";
    }
    return plan.isEmpty() ? "all is well placed: no move would save enough waiting" : "";
  }

  private static String minutes(long millis) {
    long seconds = (millis + 999) / 1000;
    return seconds < 120 ? seconds + " s" : (seconds + 59) / 60 + " min";
  }

  private static PlanView.Model model(Expected each) {
    return new PlanView.Model(
        each.model(),
        tenth(each.lately()),
        tenth(each.usually()),
        tenth(each.serviceSeconds()),
        each.copies(),
        Math.round(1000 * each.busy(each.copies())) / 1000.0);
  }

  private static PlanView.Planned planned(Move move) {
    return new PlanView.Planned(
        move.kind().label(),
        move.model(),
        move.node(),
        move.evicts(),
        tenth(move.gainSeconds()),
        tenth(move.lossSeconds()),
        move.why());
  }

  private static PlanView.Past past(DoneMove done) {
    var move = done.move();
    return new PlanView.Past(
        done.at(),
        move.kind().label(),
        move.model(),
        move.node(),
        tenth(move.gainSeconds()),
        move.why(),
        done.came(),
        done.answered());
  }

  private static double tenth(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
