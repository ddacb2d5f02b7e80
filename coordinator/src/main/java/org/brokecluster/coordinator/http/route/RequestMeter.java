package org.brokecluster.coordinator.http.route;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts requests by route and status; the routes are a fixed set, so the counters are too. */
final class RequestMeter {
  private final MeterRegistry registry;
  private final ConcurrentMap<String, ConcurrentMap<Integer, Counter>> counters =
      new ConcurrentHashMap<>();

  RequestMeter(MeterRegistry registry) {
    this.registry = registry;
  }

  void count(String route, int status) {
    counters
        .computeIfAbsent(route, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(status, key -> counter(route, status))
        .increment();
  }

  private Counter counter(String route, int status) {
    return Counter.builder("broke.http.requests")
        .description("requests answered, by route and status")
        .tag("route", route)
        .tag("status", Integer.toString(status))
        .register(registry);
  }
}
