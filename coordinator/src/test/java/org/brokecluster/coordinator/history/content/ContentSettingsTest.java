package org.brokecluster.coordinator.history.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;

class ContentSettingsTest {
  @Test
  void keepsNothingUnlessTold() {
    assertThat(ContentSettings.from(reader("")))
        .isEqualTo(
            new ContentSettings(
                false,
                100_000,
                32 << 20,
                Duration.ofMinutes(10),
                30,
                1 << 30,
                Duration.ofHours(1),
                List.of()));
  }

  @Test
  void readsEveryKey() {
    var settings =
        ContentSettings.from(
            reader(
                """
                broke.history.store-content = true
                broke.history.content {
                  text-max = 2000, waiting-max = 2MiB, patience = 1m
                  days = 7, bytes = 2MiB, interval = 1m
                }
                broke.collect.redact = ["PRJ-[0-9]+"]
                """));

    assertThat(settings)
        .isEqualTo(
            new ContentSettings(
                true,
                2000,
                2 << 20,
                Duration.ofMinutes(1),
                7,
                2 << 20,
                Duration.ofMinutes(1),
                List.of("PRJ-[0-9]+")));
    assertThat(settings.patterns()).hasSize(1);
  }

  @Test
  void refusesPatternsThatAreNoneOrMatchNothing() {
    var reader = reader("broke.collect.redact = [\"(\", \"a*\"]");

    ContentSettings.from(reader);

    assertThat(reader.problems())
        .hasSize(2)
        .allMatch(problem -> problem.startsWith("broke.collect.redact: "));
  }

  private static SettingsReader reader(String overrides) {
    return new SettingsReader(
        ConfigFactory.parseString(overrides).withFallback(ConfigFactory.load()).resolve());
  }
}
