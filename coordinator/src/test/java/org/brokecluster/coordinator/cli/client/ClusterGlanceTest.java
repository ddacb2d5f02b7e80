package org.brokecluster.coordinator.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.coordinator.cli.text.Json;
import org.junit.jupiter.api.Test;

class ClusterGlanceTest {
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
}
