package org.brokecluster.coordinator.edge;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.brokecluster.coordinator.http.ClusterDesk;
import org.brokecluster.coordinator.http.api.QueueEntry;
import org.brokecluster.coordinator.http.api.Readiness;
import org.brokecluster.protocol.state.LearningStatus;
import org.brokecluster.protocol.state.PromiseFigures;
import org.brokecluster.protocol.state.PromiseFigures.Phase;
import org.brokecluster.protocol.state.PromiseFigures.Waiting;
import org.jspecify.annotations.Nullable;

/** What the router says of itself, as meters of every edge; without a figure while none speaks. */
final class RouterMeters {
  private static final String ERROR = "how far promised times are off, as a share";
  private static final String ERROR_BEFORE = "the same as predicted";

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
    meters.history("backlog", "events not yet stored", Readiness::historyBacklog);
    meters.history("lost", "events given up since the term began", Readiness::historyLost);
    meters.learned("learned", "combinations of which something was learned", LearningStatus::keys);
    meters.promised("first", PromiseFigures::firstToken);
    meters.promised("finish", PromiseFigures::finish);
    meters.promise("error", ERROR, "waiting", PromiseFigures::waiting, Waiting::error);
    meters.promise(
        "error.before", ERROR_BEFORE, "waiting", PromiseFigures::waiting, Waiting::errorBefore);
    meters.gauge("breakers.open", "models on nodes left alone", QueueEntry::breakersOpen);
  }

  private void gauge(String name, String what, ToDoubleFunction<QueueEntry> figure) {
    Gauge.builder("broke.router." + name, desk, each -> value(each, figure))
        .description(what)
        .register(registry);
  }

  private void history(String name, String what, ToDoubleFunction<Readiness> figure) {
    Gauge.builder("broke.history." + name, desk, each -> value(each.readiness(), figure))
        .description(what)
        .register(registry);
  }

  private void learned(String name, String what, ToDoubleFunction<LearningStatus> figure) {
    Gauge.builder("broke.router." + name, desk, each -> value(each.learning(), figure))
        .description(what)
        .register(registry);
  }

  private void promised(String time, Function<PromiseFigures, @Nullable Phase> phase) {
    promise("kept", "share of answers that kept their interval", time, phase, Phase::kept);
    promise("error", ERROR, time, phase, Phase::error);
    promise("error.before", ERROR_BEFORE, time, phase, Phase::errorBefore);
  }

  private <T> void promise(
      String name,
      String what,
      String time,
      Function<PromiseFigures, @Nullable T> part,
      ToDoubleFunction<T> figure) {
    Gauge.builder("broke.router.promise." + name, desk, each -> value(of(each, part), figure))
        .tag("time", time)
        .description(what)
        .register(registry);
  }

  private static <T> @Nullable T of(ClusterDesk desk, Function<PromiseFigures, @Nullable T> part) {
    var learning = desk.learning();
    return learning == null ? null : part.apply(learning.promises());
  }

  private static <T> double value(@Nullable T from, ToDoubleFunction<T> figure) {
    return from == null ? Double.NaN : figure.applyAsDouble(from);
  }

  private static double value(ClusterDesk desk, ToDoubleFunction<QueueEntry> figure) {
    return value(desk.queue(), figure);
  }
}
