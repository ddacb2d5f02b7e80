package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.routing.queue.QueueSettings;
import org.brokecluster.coordinator.routing.retry.RetrySettings;
import org.brokecluster.coordinator.routing.room.RoomSettings;
import org.brokecluster.coordinator.routing.scorer.Weights;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;

class RouterSettingsTest {
  private static final String EVERYTHING =
      """
      broke.router {
        strategy = mine
        strategies.mine { quality = 1, speed = 3 }
        aliases { "gpt-4o-mini" = basic }
        tiers { balanced-from = 0.2, premium-from = 0.8 }
        speed-reference = 10s
        stream-slowdown = 0.5
        queue-size = 7
        queue {
          per-node = 8, per-model = 9, shares { ada = 2 }, users-max = 11, shorter-first = 2.5, ageing = 12s, ageing-unwatched = 2m
          oldest-every = 13, oldest-every-unwatched = 20, overtaken-most = 14, overtaken-for = 15s
        }
        concurrency = 16
        concurrency-per-node = 17
        concurrency-by-slots = false
        reserve { share = 0.5, window = 18s }
        retries { ratio = 0.5, per-second = 2, burst = 19 }
        breaker { failures = 3, first = 1s, most = 2s, reset = 3s }
        fallbacks { "a" = [b, basic] }
        max-wait-for-better = 5s
        no-node-grace = 1s
        refusal-backoff = 200ms
        explain-size = 500
        explain-candidates = 600
        tick = 50ms
        term-timeout = 1s
        stash-size = 9
      }
      """;

  @Test
  void readsTheDefaults() {
    var settings = Clusters.settings();

    assertThat(settings.strategy()).isEqualTo("balanced");
    assertThat(settings.queue().size()).isEqualTo(100);
    assertThat(settings.room().total()).isEqualTo(20);
    assertThat(settings.room().perNode()).isEqualTo(5);
    assertThat(settings.breaker().failures()).isEqualTo(5);
    assertThat(settings.breaker().reset()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.noNodeGrace()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.tuning().premiumFrom()).isEqualTo(0.65);
    assertThat(settings.strategies()).isEmpty();
  }

  @Test
  void readsEveryKey() {
    var settings = Clusters.settings(EVERYTHING);

    assertThat(settings.strategy()).isEqualTo("mine");
    assertThat(settings.strategies()).containsEntry("mine", new Weights(0.25, 0.75, 0, 0));
    assertThat(settings.aliases()).containsEntry("gpt-4o-mini", "basic");
    assertThat(settings.tuning().balancedFrom()).isEqualTo(0.2);
    assertThat(settings.tuning().premiumFrom()).isEqualTo(0.8);
    assertThat(settings.tuning().speedReferenceMs()).isEqualTo(10_000);
    assertThat(settings.tuning().streamSlowdown()).isEqualTo(0.5);
    assertThat(settings.queue())
        .isEqualTo(
            new QueueSettings(
                7,
                8,
                9,
                Map.of("ada", 2.0),
                11,
                2.5,
                Duration.ofSeconds(12),
                Duration.ofSeconds(120),
                13,
                20,
                14,
                Duration.ofSeconds(15)));
    assertThat(settings.room())
        .isEqualTo(new RoomSettings(16, 17, false, 0.5, Duration.ofSeconds(18)));
    assertThat(settings.retries()).isEqualTo(new RetrySettings(0.5, 2, 19));
    assertThat(settings.breaker())
        .isEqualTo(
            new BreakerSettings(
                3, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3)));
    assertThat(settings.fallbacks()).containsExactly(Map.entry("a", List.of("b", "basic")));
    assertThat(settings.maxWaitForBetter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.noNodeGrace()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.refusalBackoff()).isEqualTo(Duration.ofMillis(200));
    assertThat(settings.explainSize()).isEqualTo(500);
    assertThat(settings.explainCandidates()).isEqualTo(600);
    assertThat(settings.tick()).isEqualTo(Duration.ofMillis(50));
    assertThat(settings.termTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.stashSize()).isEqualTo(9);
  }

  @Test
  void listsEveryProblemWithItsKey() {
    var config =
        ConfigFactory.parseString(
                """
                broke.router.strategy = no-such
                broke.router.strategies.odd { beauty = 1 }
                broke.router.tiers { balanced-from = 0.9, premium-from = 0.3 }
                broke.router.queue-size = -1
                """)
            .withFallback(ConfigFactory.load());
    var reader = new SettingsReader(config.resolve());

    RouterSettings.from(reader);

    assertThat(reader.problems())
        .anySatisfy(problem -> assertThat(problem).contains("broke.router.strategy", "no-such"))
        .anySatisfy(problem -> assertThat(problem).contains("odd", "beauty", "quality"))
        .anySatisfy(problem -> assertThat(problem).contains("tiers.premium-from"))
        .anySatisfy(problem -> assertThat(problem).contains("queue-size"));
  }
}
