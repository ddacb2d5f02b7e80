package org.brokecluster.coordinator.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokecluster.coordinator.cli.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterGlanceTest {
  private final FakeEdge edge = new FakeEdge();

  @AfterEach
  void closeTheEdge() {
    edge.close();
  }

  @Test
  void countsOnlyMachinesThatServe() throws Exception {
    var nodes =
        Json.parse(
            """
            [{"name": "serves", "state": "up", "models": [{"id": "m", "state": "loaded"}]},
             {"name": "loads", "state": "up", "models": [{"id": "m", "state": "loading"}]},
             {"name": "gone", "state": "unreachable", "models": [{"id": "m", "state": "loaded"}]}]
            """);

    assertThat(ClusterGlance.serving(nodes)).containsExactly("serves");
  }

  @Test
  void tellsAMacThatIsAwayFromOneThatIsMissing() throws Exception {
    var nodes =
        """
        [{"name": "a", "state": "draining", "away": "it is an hour its owner wants it"},
         {"name": "b", "state": "draining"}, {"name": "c", "state": "unreachable"}]
        """;

    assertThat(ClusterGlance.away(Json.parse(nodes)))
        .isEqualTo(Map.of("a", "it is an hour its owner wants it", "b", "it was drained"));
  }

  @Test
  void seesThatAnEdgeAnswersWithoutAKeyThatFits() {
    edge.says("/health", "{}").says("/ready", "{}");
    edge.says("/api/nodes", 401, "{\"error\":{\"message\":\"no\"}}", Map.of());

    var look = new ClusterGlance(edge.url(), Optional.empty()).look();

    assertThat(look.alive()).isTrue();
    assertThat(look.refused()).isTrue();
    assertThat(look.complete(List.of("studio-m2"))).isTrue();
  }
}
