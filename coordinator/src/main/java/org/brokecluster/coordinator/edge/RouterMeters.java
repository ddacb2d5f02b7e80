package org.brokecluster.coordinator.edge;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.brokecluster.coordinator.http.ClusterDesk;
import org.brokecluster.coordinator.http.api.QueueEntry;
import org.brokecluster.protocol.state.LearningStatus;
import org.brokecluster.protocol.state.PromiseFigures.Phase;
import org.jspecify.annotations.Nullable;

/** What the router says of itself, as meters of every edge; without a figure while none speaks. */
final class RouterMeters {
  private final MeterRegistry registry;
  private final ClusterDesk desk;

  private RouterMeters(MeterRegistry registry, ClusterDesk desk) {
    this.registry = registry;
    this.desk = desk;
  }

  /** Registers every meter. */
  static void register(MeterRegistry registry, ClusterDesk desk) {
    var meters = new RouterMeters(registry, desk);
    meters.gauge("queue.waiting", "requests that wait at the router", QueueEntry::waiting);
    meters.gauge("queue.bound", "requests that may wait at the router", QueueEntry::bound);
    meters.gauge("queue.oldest.ms", "longest wait at the router", QueueEntry::oldestMs);
    meters.gauge("running", "answers that are made in the cluster", QueueEntry::running);
    meters.gauge("concurrency", "answers that may be made at once", QueueEntry::concurrency);
    meters.gauge("retries.left", "retries the budget affords", QueueEntry::retriesLeft);
    meters.gauge("retries.denied", "retries denied by the budget", QueueEntry::retriesDenied);
    meters.gauge("prefixes", "beginnings of prompts remembered", QueueEntry::prefixes);
    meters.learned("learned", "combinations of which something was learned", LearningStatus::keys);
    for (var phase : List.of("first", "finish")) {
      meters.promise(phase, "kept", "share of answers that kept their interval", Phase::kept);
      meters.promise(phase, "error", "how far promised times are off, as a share", Phase::error);
      meters.promise(phase, "error.before", "the same as predicted", Phase::errorBefore);
    }
    meters.gauge("breakers.open", "models on nodes left alone", QueueEntry::breakersOpen);
  }

  private void gauge(String name, String what, ToDoubleFunction<QueueEntry> figure) {
    Gauge.builder("broke.router." + name, desk, each -> value(each, figure))
        .description(what)
        .register(registry);
  }

  private void learned(String name, String what, ToDoubleFunction<LearningStatus> figure) {
    Gauge.builder("broke.router." + name, desk, each -> value(each.learning(), figure))
        .description(what)
        .register(registry);
  }

  private void promise(String phase, String name, String what, ToDoubleFunction<Phase> figure) {
    Gauge.builder("broke.router.promise." + name, desk, each -> value(phase(each, phase), figure))
        .tag("time", phase)
        .description(what)
        .register(registry);
  }

  private static @Nullable Phase phase(ClusterDesk desk, String name) {
    var learning = desk.learning();
    if (learning == null) {
      return null;
    }
    return name.equals("first") ? learning.promises().firstToken() : learning.promises().finish();
  }

  private static <T> double value(@Nullable T from, ToDoubleFunction<T> figure) {
    return from == null ? Double.NaN : figure.applyAsDouble(from);
  }

  private static double value(ClusterDesk desk, ToDoubleFunction<QueueEntry> figure) {
    return value(desk.queue(), figure);
  }
}
