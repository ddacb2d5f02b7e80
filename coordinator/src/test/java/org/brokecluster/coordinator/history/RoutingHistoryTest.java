package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutingHistoryTest {
  @TempDir Path dataDir;

  @Test
  void verifiesAsIdenticalWhileItRuns() {
    try (var kit = HistoryKit.open(dataDir, Map.of())) {
      kit.write(1, events(1, 2500));

      var report = kit.verify();

      assertThat(report.path("result").asText()).isEqualTo("identical");
      assertThat(report.path("events").asLong()).isEqualTo(2501);
      assertThat(report.path("checkpoints").asLong()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void verifiesAsIdenticalAfterARestart() {
    try (var kit = HistoryKit.open(dataDir, Map.of())) {
      kit.write(1, events(1, 700));
      kit.write(2, events(2, 1200));
    }

    try (var kit = HistoryKit.open(dataDir, Map.of())) {
      var report = kit.verify();

      assertThat(report.path("result").asText()).as(report.toString()).isEqualTo("identical");
      assertThat(report.path("events").asLong()).isEqualTo(1902);
      assertThat(report.path("terms")).hasSize(2);
      assertThat(report.path("checkpoints").asLong()).isGreaterThanOrEqualTo(3);
      assertThat(HistoryKit.get(kit.history().highestTerm())).isEqualTo(2);
    }
  }

  private static List<RoutingEvent> events(long seed, int count) {
    return new SampleEvents(seed, Instant.parse("2026-11-21T08:00:00Z")).take(count);
  }
}
