package org.brokecluster.coordinator.history;

import static java.util.concurrent.TimeUnit.MINUTES;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.coordinator.history.journal.EventJson;

/**
 * How fast the history is written and replayed on a real H2 file or PostgreSQL server, and what it
 * costs. Run with the test class path: {@code HistoryBenchmark [EVENTS [file|postgres [ROUNDS]]]};
 * a million events, both, and two rounds if not given. The CPU is that of this process; the
 * server's own is not in it.
 */
public final class HistoryBenchmark {
  private static final int AT_ONCE = 4000;
  private static final OperatingSystemMXBean OS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private HistoryBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    var where = arguments.length > 1 ? List.of(arguments[1]) : List.of("file", "postgres");
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 2;
    pure(new SampleEvents(1, SampleEvents.START).take(Math.min(count, 100_000)));
    for (var each : where) {
      if (each.equals("postgres")) {
        try (var server = PostgresServer.start(true)) {
          for (int round = 1; round <= rounds; round++) {
            on("PostgreSQL", server.freshDatabase(), count, round);
          }
        }
      } else {
        for (int round = 1; round <= rounds; round++) {
          on("H2 file", Map.of(), count, round);
        }
      }
    }
  }

  private static void on(String name, Map<String, Object> database, int count, int round)
      throws IOException {
    System.out.println(name);
    var place = new HistoryPlace(Files.createTempDirectory("broke-history"), database);
    try (var kit = place.open(Map.of("broke.history.flush-interval", "100ms"))) {
      written(kit, count, round);
      for (var which : List.of("replayed", "again")) {
        replayed(kit, which, round);
      }
      try {
        System.out.printf(
            "  %.0f bytes an event on the disk%n", 1.0 * kit.database(place).bytes() / count);
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }
  }

  private static void pure(List<RoutingEvent> events) throws IOException {
    for (int round = 0; round < 4; round++) {
      long start = OS.getProcessCpuTime();
      var state = new RoutingState();
      long number = 0;
      for (var event : events) {
        state.apply(++number, event);
      }
      long folded = OS.getProcessCpuTime();
      long bytes = 0;
      for (var event : events) {
        bytes += EventJson.encode(event).json().length;
      }
      long encoded = OS.getProcessCpuTime();
      long hash = System.nanoTime();
      var text = state.hash();
      System.out.printf(
          "fold %.2f us, encode %.2f us, %d bytes an event; hash of the state %.0f us (%s)%n",
          (folded - start) / 1e3 / events.size(),
          (encoded - folded) / 1e3 / events.size(),
          bytes / events.size(),
          (System.nanoTime() - hash) / 1e3,
          text.substring(0, 8));
    }
  }

  private static void written(HistoryKit kit, int count, int round) {
    var events = new SampleEvents(1, SampleEvents.START);
    var sink = kit.write(round, events.take(1));
    HistoryKit.get(kit.history().flush(Duration.ofSeconds(50)));
    long nanos = 0;
    long cpu = 0;
    long emitting = 0;
    for (int i = 1; i < count; i += AT_ONCE) {
      var next = events.take(AT_ONCE); // made while nothing is measured
      long start = System.nanoTime();
      long startCpu = OS.getProcessCpuTime();
      next.forEach(sink::emit);
      emitting += System.nanoTime() - start;
      HistoryKit.get(kit.history().flush(Duration.ofSeconds(50)));
      nanos += System.nanoTime() - start;
      cpu += OS.getProcessCpuTime() - startCpu;
    }
    print("written", count, nanos, cpu);
    System.out.printf("  emit %.0f ns, %s%n", 1.0 * emitting / count, sink.health());
  }

  private static void replayed(HistoryKit kit, String which, int round) {
    long start = System.nanoTime();
    long cpu = OS.getProcessCpuTime();
    var report =
        HistoryKit.json(
            kit.history().answers().verify().toCompletableFuture().orTimeout(20, MINUTES).join());
    print(
        which,
        report.path("events").asInt(),
        System.nanoTime() - start,
        OS.getProcessCpuTime() - cpu);
    System.out.printf("  round %d: %s%n", round, report.path("message").asText());
  }

  private static void print(String what, int events, long nanos, long cpu) {
    System.out.printf(
        "%s: %.0f events/s, %.1f us CPU an event, %.0f events a CPU second%n",
        what, events / (nanos / 1e9), cpu / 1e3 / events, events / (cpu / 1e9));
  }
}
