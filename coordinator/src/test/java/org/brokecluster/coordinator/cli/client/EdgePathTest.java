package org.brokecluster.coordinator.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EdgePathTest {
  @Test
  void whatAUserTypesSaysNothingButItself() {
    assertThat(EdgePath.ofNode("my mac").part("speeds").text())
        .isEqualTo("/api/nodes/my%20mac/speeds");
    assertThat(EdgePath.of("/api/history").with("format", "csv&user=ada").text())
        .isEqualTo("/api/history?format=csv%26user%3Dada");
  }

  @Test
  void leavesOutWhatWasNotSaid() {
    assertThat(EdgePath.of("/api/history").with("before", null).with("limit", 3).with("to", "a/b"))
        .hasToString("/api/history?limit=3&to=a%2Fb");
  }
}
