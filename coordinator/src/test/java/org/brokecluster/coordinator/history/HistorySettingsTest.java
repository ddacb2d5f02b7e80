package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;

class HistorySettingsTest {
  private static final String ALL =
      """
      broke.history {
        enabled = false
        flush-interval = 50ms
        row-events = 20
        backlog = 5000
        checkpoint-events = 200
        checkpoint-idle = 2s
        checkpoint-interval = 20s
        retry-min = 1s
        retry-max = 1m
        close-timeout = 5s
        connections = 8
        cache = 16MiB
        recent-requests = 100
        requests-interval = 3s
        queries = 2, query-wait = 9s
        people = 50
        retention { days = 7, bytes = 1GiB, interval = 10m }
        database { url = "jdbc:postgresql://db/broke", user = broke, password = secret }
      }
      """;

  @Test
  void hasDefaults() {
    assertThat(settings(""))
        .isEqualTo(
            new HistorySettings(
                true,
                Duration.ofMillis(100),
                100,
                10_000,
                1000,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofMillis(250),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                4,
                8 << 20,
                5000,
                Duration.ofSeconds(1),
                8,
                Duration.ofSeconds(2),
                10_000,
                new RetentionSettings(90, 4L << 30, Duration.ofHours(1)),
                DatabaseSettings.FILE));
  }

  @Test
  void readsEveryKey() {
    assertThat(settings(ALL))
        .isEqualTo(
            new HistorySettings(
                false,
                Duration.ofMillis(50),
                20,
                5000,
                200,
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                8,
                16 << 20,
                100,
                Duration.ofSeconds(3),
                2,
                Duration.ofSeconds(9),
                50,
                new RetentionSettings(7, 1 << 30, Duration.ofMinutes(10)),
                new DatabaseSettings("jdbc:postgresql://db/broke", "broke", "secret")));
  }

  @Test
  void namesEveryProblemWithItsKey() {
    var reader =
        reader(
            "broke.history { backlog = 1, flush-interval = soon, retry-min = 2s, retry-max = 1s }");

    HistorySettings.from(reader);

    assertThat(reader.problems())
        .hasSize(3)
        .anyMatch(problem -> problem.contains("broke.history.backlog"))
        .anyMatch(problem -> problem.contains("broke.history.flush-interval"))
        .anyMatch(problem -> problem.contains("broke.history.retry-max"));
  }

  @Test
  void putsTheDatabaseUnderTheDataFolder() {
    var config = settings("").akkaConfig(Path.of("/data/my;mac"));

    assertThat(config.getString("akka-persistence-jdbc.shared-databases.slick.db.url"))
        .startsWith("jdbc:h2:file:/data/my\\;mac/history/routing;")
        .contains("DB_CLOSE_ON_EXIT=FALSE")
        .contains("WRITE_DELAY=0");
  }

  private static HistorySettings settings(String overrides) {
    var reader = reader(overrides);
    var settings = HistorySettings.from(reader);
    assertThat(reader.problems()).isEmpty();
    return settings;
  }

  private static SettingsReader reader(String overrides) {
    return new SettingsReader(
        ConfigFactory.parseString(overrides).withFallback(ConfigFactory.load()).resolve());
  }
}
