package org.brokecluster.node;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.brokecluster.node.admission.Admission;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.protocol.node.AttemptFailure;

/** Every meter of the node, by name. Thread safe; lives as long as the host. */
final class NodeMeters {
  private static final String ATTEMPTS = "broke.node.attempts";
  private static final String OUTCOME = "outcome";

  private final Counter completed;
  private final Counter cancelled;
  private final Map<AttemptFailure.Kind, Counter> failed = new EnumMap<>(AttemptFailure.Kind.class);
  private final Counter tokens;
  private final Counter slowClients;
  private final AtomicLong bufferedBytes = new AtomicLong();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger tombstones = new AtomicInteger();

  NodeMeters(MeterRegistry registry, MemoryLedger ledger) {
    completed = attempts(registry, "completed");
    cancelled = attempts(registry, "cancelled");
    for (var kind : AttemptFailure.Kind.values()) {
      failed.put(kind, attempts(registry, kind.name().toLowerCase(Locale.ROOT)));
    }
    tokens =
        Counter.builder("broke.node.tokens")
            .description("tokens made by this node's runtimes in whole answers")
            .register(registry);
    slowClients =
        Counter.builder("broke.node.slow.clients")
            .description("answers ended because their client read too slowly")
            .register(registry);
    gauge(registry, "broke.node.running", "attempts that hold a slot", running);
    gauge(registry, "broke.node.waiting", "attempts admitted without a slot yet", waiting);
    gauge(registry, "broke.node.tombstones", "ended attempts remembered", tombstones);
    Gauge.builder("broke.node.memory.taken.bytes", ledger, MemoryLedger::taken)
        .description("memory that models hold or have been promised")
        .register(registry);
    Gauge.builder("broke.node.memory.limit.bytes", ledger, held -> held.limit().bytes())
        .description("memory that models may take; 0 if it is not known")
        .register(registry);
    gauge(registry, "broke.node.buffered.bytes", "text kept for slow clients", bufferedBytes);
  }

  private static Counter attempts(MeterRegistry registry, String outcome) {
    return Counter.builder(ATTEMPTS)
        .description("attempts by how they ended")
        .tag(OUTCOME, outcome)
        .register(registry);
  }

  private static void gauge(MeterRegistry registry, String name, String what, Number value) {
    Gauge.builder(name, value, Number::doubleValue).description(what).register(registry);
  }

  void completed(int tokensMade) {
    completed.increment();
    tokens.increment(tokensMade);
  }

  void cancelled() {
    cancelled.increment();
  }

  void failed(AttemptFailure.Kind kind) {
    var counter = failed.get(kind);
    if (counter != null) {
      counter.increment();
    }
    if (kind == AttemptFailure.Kind.SLOW_CLIENT) {
      slowClients.increment();
    }
  }

  /** Adds to, or takes from, the bytes that wait for clients. */
  void buffered(long change) {
    bufferedBytes.addAndGet(change);
  }

  void admission(Admission admission) {
    running.set(admission.running());
    waiting.set(admission.waiting());
    tombstones.set(admission.tombstones());
  }
}
