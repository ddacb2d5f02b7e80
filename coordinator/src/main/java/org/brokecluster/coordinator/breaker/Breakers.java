package org.brokecluster.coordinator.breaker;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker for each model on each node: closed; open after failures in a row; half-open
 * when its time is over, which lets one request through as a probe. A probe that fails doubles the
 * time, one that works closes the breaker, and so does a while without any failure. Times vary by
 * up to a fifth with the place, so that breakers that opened together do not probe together.
 *
 * <p>Times are those of the recorded events, in milliseconds since 1970. A clock that is set back
 * by more than {@link BreakerLimits#resetMs} closes every breaker; by less, it keeps them open for
 * that much longer.
 *
 * <p>Pure; bounded by {@value #PLACES_MAX}. Not thread safe.
 */
public final class Breakers {
  /** Places remembered; beyond that only those that have failed lately, then no further ones. */
  public static final int PLACES_MAX = 1_000;

  private static final int VARIATION_PERCENT = 20;

  private final BreakerLimits limits;
  private final TreeMap<NodeId, TreeMap<ModelId, Breaker>> breakers = new TreeMap<>();

  /** Every breaker is closed. */
  public Breakers(BreakerLimits limits) {
    this.limits = limits;
  }

  private static final class Breaker {
    private int failures;
    private long pauseMs;
    private long probeFromMs;
    private long failedMs;
  }

  /**
   * One place that has failed and not worked since.
   *
   * @param failures failures in a row
   * @param pauseMs how long it was opened for, without the variation; 0 if it was not
   * @param probeFromMs when the next request may go there, since 1970; 0 if it never was open
   * @param failedMs when it failed last, since 1970
   */
  public record Place(
      NodeId node, ModelId model, int failures, long pauseMs, long probeFromMs, long failedMs) {}

  /** When a breaker opens and closes. */
  public BreakerLimits limits() {
    return limits;
  }

  /** What the end of an attempt says of its place. */
  public void ended(AttemptReport report, long atMs) {
    var node = report.node();
    var model = report.model();
    if (node == null || model == null) {
      return;
    }
    if (report.outcome() == AttemptOutcome.COMPLETED) {
      worked(node, model);
    } else if (report.failure() != null && report.failure().blamesNode()) {
      failed(node, model, atMs);
    }
  }

  /** An attempt failed in a way that speaks against its place. */
  public void failed(NodeId node, ModelId model, long atMs) {
    var breaker = breakerFor(node, model, atMs);
    if (breaker == null) {
      return;
    }
    if (isReset(breaker, atMs)) {
      breaker.failures = 0;
      breaker.pauseMs = 0;
    }
    breaker.failures++;
    breaker.failedMs = atMs;
    if (breaker.failures < limits.failures()) {
      return;
    }
    breaker.pauseMs =
        breaker.pauseMs == 0 ? limits.firstMs() : Math.min(2 * breaker.pauseMs, limits.mostMs());
    breaker.probeFromMs = atMs + varied(node, model, breaker);
  }

  /** An attempt gave its whole answer. */
  public void worked(NodeId node, ModelId model) {
    var models = breakers.get(node);
    if (models != null && models.remove(model) != null && models.isEmpty()) {
      breakers.remove(node);
    }
  }

  /** A request goes there now: if that is a probe, no other one follows until it is over. */
  public void placed(NodeId node, ModelId model, long atMs) {
    var breaker = find(node, model);
    boolean tripped = breaker != null && breaker.failures >= limits.failures();
    if (tripped && !isReset(breaker, atMs)) {
      breaker.probeFromMs = atMs + limits.mostMs();
    }
  }

  /** Whether a place is left alone. */
  public boolean open(NodeId node, ModelId model, long atMs) {
    if (breakers.isEmpty()) {
      return false;
    }
    var breaker = find(node, model);
    return breaker != null && open(breaker, atMs);
  }

  /** A node is gone, or has begun anew. */
  public void forget(NodeId node) {
    breakers.remove(node);
  }

  /** Open breakers. */
  public int openCount(long atMs) {
    int count = 0;
    for (var models : breakers.values()) {
      for (var breaker : models.values()) {
        count += open(breaker, atMs) ? 1 : 0;
      }
    }
    return count;
  }

  /** Every place that is remembered, sorted by node and model. */
  public List<Place> places() {
    var places = new ArrayList<Place>();
    breakers.forEach(
        (node, models) ->
            models.forEach(
                (model, each) ->
                    places.add(
                        new Place(
                            node,
                            model,
                            each.failures,
                            each.pauseMs,
                            each.probeFromMs,
                            each.failedMs))));
    return places;
  }

  /** Takes over a place as {@link #places} told of it. */
  public void restore(Place place) {
    var breaker = new Breaker();
    breaker.failures = place.failures();
    breaker.pauseMs = place.pauseMs();
    breaker.probeFromMs = place.probeFromMs();
    breaker.failedMs = place.failedMs();
    breakers.computeIfAbsent(place.node(), key -> new TreeMap<>()).put(place.model(), breaker);
  }

  private @Nullable Breaker find(NodeId node, ModelId model) {
    var models = breakers.get(node);
    return models == null ? null : models.get(model);
  }

  private @Nullable Breaker breakerFor(NodeId node, ModelId model, long atMs) {
    var known = find(node, model);
    if (known != null || !hasRoom(atMs)) {
      return known;
    }
    return breakers
        .computeIfAbsent(node, key -> new TreeMap<>())
        .computeIfAbsent(model, key -> new Breaker());
  }

  private boolean hasRoom(long atMs) {
    if (size() < PLACES_MAX) {
      return true;
    }
    breakers.values().forEach(models -> models.values().removeIf(each -> isReset(each, atMs)));
    breakers.values().removeIf(TreeMap::isEmpty);
    return size() < PLACES_MAX;
  }

  private int size() {
    return breakers.values().stream().mapToInt(TreeMap::size).sum();
  }

  private boolean open(Breaker breaker, long atMs) {
    return breaker.failures >= limits.failures()
        && !isReset(breaker, atMs)
        && atMs < breaker.probeFromMs;
  }

  private boolean isReset(Breaker breaker, long atMs) {
    return Math.abs(atMs - breaker.failedMs) >= limits.resetMs();
  }

  private static long varied(NodeId node, ModelId model, Breaker breaker) {
    int percent =
        Math.floorMod(
            31 * node.value().hashCode() + model.value().hashCode() + 7 * breaker.failures,
            2 * VARIATION_PERCENT + 1);
    return breaker.pauseMs * (100 - VARIATION_PERCENT + percent) / 100;
  }
}
