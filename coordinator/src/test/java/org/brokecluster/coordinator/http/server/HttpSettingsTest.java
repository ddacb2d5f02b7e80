package org.brokecluster.coordinator.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;

class HttpSettingsTest {
  private static HttpSettings with(String lines) {
    return HttpSettings.of(
        ConfigFactory.parseString("broke.http {\n" + lines + "\n}")
            .withFallback(ConfigFactory.load()));
  }

  @Test
  void hasDefaultsForEverything() {
    var settings = HttpSettings.of(ConfigFactory.load());

    assertThat(settings.bind()).isEqualTo("127.0.0.1");
    assertThat(settings.port()).isEqualTo(8000);
    assertThat(settings.maxBody()).isEqualTo(32 << 20);
    assertThat(settings.maxConnections()).isEqualTo(4096);
    assertThat(settings.keepAliveComment()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.apiKeys()).isEmpty();
    assertThat(settings.loopback()).isTrue();
  }

  @Test
  void readsEveryKey() {
    var settings =
        with(
            """
            bind = "0.0.0.0"
            port = 1
            backlog = 2
            max-connections = 3
            idle-timeout = 4s
            head-timeout = 5s
            body-timeout = 6s
            max-body = 7KiB
            body-memory = 8MiB
            max-header-count = 9
            max-header-value = 10KiB
            max-uri = 11KiB
            keep-alive-comment = 12s
            stream-buffer = 130KiB
            max-answer = 140KiB
            api-keys = [first-key]
            api-key = second-key
            insecure-lan = true
            allowed-hosts = [Studio.local]
            allowed-origins = ["https://A.example"]
            """);

    assertThat(settings)
        .isEqualTo(
            new HttpSettings(
                "0.0.0.0",
                1,
                2,
                3,
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                Duration.ofSeconds(6),
                7 << 10,
                8 << 20,
                9,
                10 << 10,
                11 << 10,
                Duration.ofSeconds(12),
                130 << 10,
                140 << 10,
                List.of("first-key", "second-key"),
                true,
                List.of("studio.local"),
                List.of("https://a.example")));
  }

  @Test
  void namesEveryProblemWithItsKey() {
    var reader =
        new SettingsReader(
            ConfigFactory.parseString("broke.http { port = 70000, max-body = 1, api-keys = [x] }")
                .withFallback(ConfigFactory.load()));

    HttpSettings.read(reader);

    assertThat(reader.problems())
        .hasSize(3)
        .anyMatch(problem -> problem.startsWith("broke.http.port"))
        .anyMatch(problem -> problem.startsWith("broke.http.max-body"))
        .anyMatch(problem -> problem.startsWith("broke.http.api-keys"));
  }

  @Test
  void showsNoKey() {
    assertThat(with("api-keys = [very-secret]").toString())
        .contains("1 keys")
        .doesNotContain("secret");
  }
}
