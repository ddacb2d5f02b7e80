package org.brokecluster.coordinator.history;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.coordinator.history.journal.EventJson;

/**
 * How fast the history is written and replayed on a real H2 file, and what it costs. Run with the
 * test class path: {@code HistoryBenchmark [EVENTS]}, 200,000 if not given.
 */
public final class HistoryBenchmark {
  private static final OperatingSystemMXBean OS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private HistoryBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
    var events = new SampleEvents(1, SampleEvents.START).take(count);
    pure(events);
    for (int round = 1; round <= 5; round++) {
      var dataDir = Files.createTempDirectory("broke-history");
      try (var kit = HistoryKit.open(dataDir, Map.of("broke.history.flush-interval", "100ms"))) {
        written(kit, events, round);
        replayed(kit, round);
        var file = Path.of(HistorySettings.file(dataDir) + ".mv.db");
        System.out.printf("  file %.0f bytes an event%n", 1.0 * Files.size(file) / count);
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

  private static void written(HistoryKit kit, List<RoutingEvent> events, int round) {
    var sink = kit.write(round, events.subList(0, 1));
    HistoryKit.get(kit.history().flush(Duration.ofSeconds(50)));
    long start = System.nanoTime();
    long cpu = OS.getProcessCpuTime();
    long emitting = 0;
    for (int i = 1; i < events.size(); i++) {
      long before = System.nanoTime();
      sink.emit(events.get(i));
      emitting += System.nanoTime() - before;
      if (i % 4000 == 0) {
        HistoryKit.get(kit.history().flush(Duration.ofSeconds(50)));
      }
    }
    HistoryKit.get(kit.history().flush(Duration.ofSeconds(50)));
    print("written", events.size(), start, cpu);
    System.out.printf("  emit %.0f ns, %s%n", 1.0 * emitting / events.size(), sink.health());
  }

  private static void replayed(HistoryKit kit, int round) {
    long start = System.nanoTime();
    long cpu = OS.getProcessCpuTime();
    var report = kit.verify();
    print("replayed", report.path("events").asInt(), start, cpu);
    System.out.printf("  round %d: %s%n", round, report.path("message").asText());
  }

  private static void print(String what, int events, long start, long cpu) {
    System.out.printf(
        "%s: %.0f events/s, %.1f us CPU an event%n",
        what,
        events / ((System.nanoTime() - start) / 1e9),
        (OS.getProcessCpuTime() - cpu) / 1e3 / events);
  }
}
