package org.brokecluster.coordinator.routing;

import java.util.HashMap;
import java.util.Map;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/**
 * A circuit breaker for each model on each node: closed; open after failures in a row; half-open
 * when its time is over, which lets one request through as a probe. A probe that fails doubles the
 * time, one that works closes the breaker, and so does a while without any failure. Times vary by
 * up to a fifth with the place, so that breakers that opened together do not probe together. Pure;
 * bounded by what exists.
 */
final class Breakers {
  private static final int VARIATION_PERCENT = 20;

  private final BreakerSettings settings;
  private final Map<NodeId, Map<ModelId, Breaker>> breakers = new HashMap<>();

  private static final class Breaker {
    private int failures;
    private long pauseMs;
    private long probeFromMs;
    private long failedMs;
  }

  Breakers(BreakerSettings settings) {
    this.settings = settings;
  }

  /** An attempt failed in a way that speaks against its place. */
  void failed(NodeId node, ModelId model, long nowMs) {
    var breaker =
        breakers
            .computeIfAbsent(node, key -> new HashMap<>())
            .computeIfAbsent(model, key -> new Breaker());
    if (isReset(breaker, nowMs)) {
      breaker.failures = 0;
      breaker.pauseMs = 0;
    }
    breaker.failures++;
    breaker.failedMs = nowMs;
    if (breaker.failures < settings.failures()) {
      return;
    }
    breaker.pauseMs =
        breaker.pauseMs == 0
            ? settings.first().toMillis()
            : Math.min(2 * breaker.pauseMs, settings.most().toMillis());
    breaker.probeFromMs = nowMs + varied(node, model, breaker);
  }

  /** An attempt gave its whole answer. */
  void worked(NodeId node, ModelId model) {
    var models = breakers.get(node);
    if (models != null && models.remove(model) != null && models.isEmpty()) {
      breakers.remove(node);
    }
  }

  /** A request goes there now: if that is a probe, no other one follows until it is over. */
  void placed(NodeId node, ModelId model, long nowMs) {
    var breaker = breakers.getOrDefault(node, Map.of()).get(model);
    boolean tripped = breaker != null && breaker.failures >= settings.failures();
    if (tripped && !isReset(breaker, nowMs)) {
      breaker.probeFromMs = nowMs + settings.most().toMillis();
    }
  }

  /** Whether a place is left alone. */
  boolean open(NodeId node, ModelId model, long nowMs) {
    if (breakers.isEmpty()) {
      return false;
    }
    var breaker = breakers.getOrDefault(node, Map.of()).get(model);
    return breaker != null
        && breaker.failures >= settings.failures()
        && !isReset(breaker, nowMs)
        && nowMs < breaker.probeFromMs;
  }

  private boolean isReset(Breaker breaker, long nowMs) {
    return nowMs - breaker.failedMs >= settings.reset().toMillis();
  }

  /** A node is gone, or has begun anew. */
  void forget(NodeId node) {
    breakers.remove(node);
  }

  /** Open breakers. */
  int openCount(long nowMs) {
    int count = 0;
    for (var node : breakers.entrySet()) {
      for (var model : node.getValue().keySet()) {
        count += open(node.getKey(), model, nowMs) ? 1 : 0;
      }
    }
    return count;
  }

  private static long varied(NodeId node, ModelId model, Breaker breaker) {
    int percent =
        Math.floorMod(
            31 * node.value().hashCode() + model.value().hashCode() + 7 * breaker.failures,
            2 * VARIATION_PERCENT + 1);
    return breaker.pauseMs * (100 - VARIATION_PERCENT + percent) / 100;
  }
}
