package org.brokecluster.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Placement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractHeadersTest {
  private static final ContractHeaders KNOWN =
      new ContractHeaders(
          RequestId.of("r1"),
          new Placement(
              ModelId.of("lab/M"),
              NodeId.of("studio"),
              Tier.PREMIUM,
              "balanced",
              0.30004,
              "prior",
              120,
              900,
              7),
          2,
          true,
          null);

  @Test
  void tellsWhenTheFirstTokenMayComeWhileNothingIsDecided() {
    var waiting = new ContractHeaders(RequestId.of("r1"), null, 0, false, 4200L);

    assertThat(waiting.headers())
        .extracting(header -> header.name() + ": " + header.value())
        .containsExactly("x-request-id: r1", "x-broke-eta-ms: 4200");
  }

  @Test
  void thePageOfTheApiNamesThemAll() throws IOException {
    var page = Files.readString(Path.of("..", "docs", "api.md"));

    assertThat(KNOWN.headers())
        .allSatisfy(header -> assertThat(page).contains("`" + header.name() + "`"));
  }

  @Test
  void tellsWhatIsKnown() {
    assertThat(KNOWN.headers())
        .extracting(header -> header.name() + ": " + header.value())
        .containsExactly(
            "x-request-id: r1",
            "x-broke-attempts: 2",
            "x-broke-simulated: true",
            "x-broke-node: studio",
            "x-broke-model: lab/M",
            "x-broke-tier: premium",
            "x-broke-quality: 0.300",
            "x-broke-quality-color: yellow",
            "x-broke-quality-basis: prior",
            "x-broke-strategy: balanced",
            "x-broke-eta-ms: 120",
            "x-broke-queue-ms: 7");
  }

  @Test
  void leavesOutWhatIsNot() {
    assertThat(ContractHeaders.of(RequestId.of("r1")).headers())
        .extracting(header -> header.name())
        .containsExactly("x-request-id");
  }

  @Test
  void tellsTheSameAsJson() throws Exception {
    var json = new ObjectMapper().readTree(KNOWN.json());

    assertThat(json.path("node").asText()).isEqualTo("studio");
    assertThat(json.path("quality").asDouble()).isEqualTo(0.3);
    assertThat(json.path("simulated").asBoolean()).isTrue();
    assertThat(
            new ObjectMapper().readTree(ContractHeaders.of(RequestId.of("r")).json()).has("node"))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0, green",
    "0.24, green",
    "0.25, yellow",
    "0.54, yellow",
    "0.55, orange",
    "0.75, red",
    "1, red"
  })
  void colorsTheRisk(double temperature, String color) {
    var placement =
        new Placement(
            ModelId.of("m"), NodeId.of("n"), Tier.BASIC, "s", temperature, "prior", 1, 2, 0);
    var headers = new ContractHeaders(RequestId.of("r"), placement, 1, false, null).headers();

    assertThat(headers)
        .filteredOn(header -> header.name().equals("x-broke-quality-color"))
        .extracting(header -> header.value())
        .containsExactly(color);
  }
}
