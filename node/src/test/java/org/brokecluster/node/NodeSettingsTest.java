package org.brokecluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.brokecluster.node.attempt.StreamSettings;
import org.brokecluster.node.away.AwaySettings;
import org.brokecluster.node.away.Hours;
import org.brokecluster.node.models.PoolSettings;
import org.brokecluster.node.pull.PullSettings;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;

class NodeSettingsTest {
  private static final int KIB = 1024;

  @Test
  void hasTheseDefaults() {
    assertThat(read(""))
        .isEqualTo(
            new NodeSettings(
                Duration.ofMillis(250),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofMillis(20),
                4096,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                500,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                new AwaySettings(10, true, false, List.of(), Duration.ZERO, Duration.ofSeconds(8)),
                new StreamSettings(
                    64L * KIB * KIB,
                    8,
                    Duration.ofSeconds(10),
                    8,
                    64,
                    32 * KIB,
                    KIB * KIB,
                    256,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(300)),
                new PoolSettings(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(30),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(300),
                    0.2,
                    0.9,
                    200),
                new PullSettings(
                    false,
                    URI.create("https://huggingface.co"),
                    Optional.empty(),
                    "HF_TOKEN",
                    4,
                    2,
                    8,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(30),
                    5L * KIB * KIB * KIB,
                    2000,
                    "4bit")));
  }

  @Test
  void readsEveryKey() {
    var settings =
        read(
            """
            broke.models.preferred-quantization = 8bit
            broke.node {
              beat-interval = 300ms, edge-silence = 6s, late-tick = 2s, ready-interval = 3s
              report-interval = 30ms, tombstones = 99, machine-interval = 13s, speeds-interval = 14s, speeds-max = 15, drain-limit = 4s, drain-time = 17s
              away {
                battery-floor = 20, memory-critical = false, on-battery = true
                hours = ["sat 10:00-12:00"], untouched = 5m, sleep-limit = 4s
              }
              prompt-max = 1MiB, prompt-credit = 9, prompt-timeout = 11s
              window = 7, batch-chunks = 63, batch-bytes = 16KiB, stream-buffer = 2MiB
              chunk-credit = 255, ack-timeout = 61s, runtime-silence = 301s
              rescan-interval = 31s, scan-timeout = 12s, load-timeout = 1m, load-retry = 6m, unload-timeout = 0s
              speed-weight = 0.3, memory-warning = 0.8, models-max = 5
              models { offline = true }
              pull {
                endpoint = "http://127.0.0.1:99/hub/", cache = /models, token-env = TOKEN
                parallel = 3, pulls-max = 1, tries-max = 2, retry-delay = 5s
                connect-timeout = 6s, stall-timeout = 7s, disk-reserve = 0, files-max = 11
              }
            }
            """);

    assertThat(settings)
        .isEqualTo(
            new NodeSettings(
                Duration.ofMillis(300),
                Duration.ofSeconds(6),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofMillis(30),
                99,
                Duration.ofSeconds(13),
                Duration.ofSeconds(14),
                15,
                Duration.ofSeconds(4),
                Duration.ofSeconds(17),
                new AwaySettings(
                    20,
                    false,
                    true,
                    List.of(Hours.parse("sat 10:00-12:00")),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(4)),
                new StreamSettings(
                    KIB * KIB,
                    9,
                    Duration.ofSeconds(11),
                    7,
                    63,
                    16 * KIB,
                    2 * KIB * KIB,
                    255,
                    Duration.ofSeconds(61),
                    Duration.ofSeconds(301)),
                new PoolSettings(
                    Duration.ofSeconds(31),
                    Duration.ofSeconds(12),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(6),
                    Duration.ZERO,
                    0.3,
                    0.8,
                    5),
                new PullSettings(
                    true,
                    URI.create("http://127.0.0.1:99/hub"),
                    Optional.of(Path.of("/models")),
                    "TOKEN",
                    3,
                    1,
                    2,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(6),
                    Duration.ofSeconds(7),
                    0,
                    11,
                    "8bit")));
  }

  @Test
  void tellsEveryProblemWithItsKey() {
    var reader =
        new SettingsReader(config("broke.node { window = 0, prompt-max = lots, tombstones = -1 }"));

    NodeSettings.from(reader);

    assertThat(reader.problems())
        .hasSize(3)
        .anyMatch(problem -> problem.startsWith("broke.node.window"))
        .anyMatch(problem -> problem.startsWith("broke.node.prompt-max"))
        .anyMatch(problem -> problem.startsWith("broke.node.tombstones"));
  }

  @Test
  void drainsInLessTimeThanTheHostGives() {
    var reader =
        new SettingsReader(config("broke { node.drain-limit = 4s, cluster.drain-timeout = 4s }"));

    NodeSettings.from(reader);

    assertThat(reader.problems())
        .singleElement()
        .asString()
        .contains("broke.node.drain-limit", "broke.cluster.drain-timeout", "4000 ms");
  }

  private static NodeSettings read(String overrides) {
    var reader = new SettingsReader(config(overrides));
    var settings = NodeSettings.from(reader);
    assertThat(reader.problems()).isEmpty();
    return settings;
  }

  private static Config config(String overrides) {
    return ConfigFactory.parseString(overrides).withFallback(ConfigFactory.load()).resolve();
  }
}
