package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Killed with -9 in the middle of writing, in a process of its own. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
abstract class HistoryKillContract {
  @TempDir Path dataDir;
  private HistoryPlace place;

  abstract HistoryPlace place(Path folder);

  @BeforeEach
  void choose() {
    place = place(dataDir);
  }

  @Test
  void hasEverythingThatWasAcknowledgedAndVerifiesAsIdenticalAfterKills() throws Exception {
    long first = writeAndKill(1, 8);
    long second = writeAndKill(2, 5);

    try (var kit = place.open(Map.of())) {
      kit.write(3, List.of(SampleEvents.oneOfEach().get("received")));
      var report = kit.verify();

      assertThat(report.path("result").asText()).as(report.toString()).isEqualTo("identical");
      var terms = report.path("terms");
      assertThat(terms.path(0).path("events").asLong()).isGreaterThanOrEqualTo(first);
      assertThat(terms.path(1).path("events").asLong()).isGreaterThanOrEqualTo(second);
      assertThat(terms.path(0).path("checkpoints").asLong()).isGreaterThanOrEqualTo(first / 500);
    }
  }

  /** The child's next word; a starved one may print other lines. */
  private static long next(BufferedReader lines) throws IOException {
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(HistoryChild.STORED)) {
        return Long.parseLong(line.substring(HistoryChild.STORED.length()));
      }
    }
    throw new IOException("the child ended by itself");
  }

  /** Lets a child acknowledge so often, kills it, and returns what it had acknowledged. */
  private long writeAndKill(long term, int acknowledgements) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                HistoryChild.class.getName(),
                dataDir.toString(),
                Long.toString(term)));
    place.settings().forEach((key, value) -> command.add(key + "=" + value));
    var child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      long acknowledged = 0;
      for (int i = 0; i < acknowledgements; i++) {
        acknowledged = next(lines);
      }
      return acknowledged;
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }
}
