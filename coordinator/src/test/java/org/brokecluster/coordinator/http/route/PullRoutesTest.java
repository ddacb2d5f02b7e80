package org.brokecluster.coordinator.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.http.TestEdge;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol.PullPhase;
import org.brokecluster.protocol.node.NodeProtocol.PullStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PullRoutesTest {
  private static final TestEdge EDGE = TestEdge.start("api-keys = [\"long-key\"]");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @BeforeEach
  void forget() {
    EDGE.cluster().orders().clear();
  }

  @AfterAll
  static void stop() {
    EDGE.close();
  }

  private static java.net.http.HttpResponse<String> post(String path, String body)
      throws Exception {
    return EDGE.send("POST", path, body, "Authorization", "Bearer long-key");
  }

  private static PullStatus status(PullPhase phase, long done, String message) {
    return new PullStatus(
        NodeId.of("mini"), "a/b", phase, 4, done == 100 ? 4 : 1, 100, done, 10L, message);
  }

  private static List<JsonNode> lines(java.net.http.HttpResponse<String> response)
      throws Exception {
    var lines = new ArrayList<JsonNode>();
    for (var line : response.body().lines().toList()) {
      lines.add(MAPPER.readTree(line));
    }
    return lines;
  }

  @Test
  void tellsLineByLineHowAModelComes() throws Exception {
    EDGE.cluster()
        .pulling(
            status(PullPhase.ASKING, 0, "asking"),
            status(PullPhase.FETCHING, 40, "fetching"),
            status(PullPhase.DONE, 100, "fetched to /x"));

    var response = post("/api/pull", "{\"model\": \"a/b\", \"node\": \"mini\"}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/x-ndjson");
    var lines = lines(response);
    assertThat(lines)
        .extracting(line -> line.path("status").asText())
        .containsExactly("pulling manifest", "downloading", "success");
    assertThat(lines.get(1).path("total").asLong()).isEqualTo(100);
    assertThat(lines.get(1).path("completed").asLong()).isEqualTo(40);
    assertThat(lines.get(1).path("eta_seconds").asLong()).isEqualTo(6);
    assertThat(EDGE.cluster().orders()).containsExactly("pull START a/b [] on mini");
  }

  @Test
  void fetchesToThisMachineUnlessAnotherIsNamedAndUnderstandsOllamasName() throws Exception {
    EDGE.cluster().pulling(status(PullPhase.DONE, 100, "is here already"));

    var response =
        post("/api/pull", "{\"name\": \"hf:a/b\", \"stream\": false, \"include\": [\"*.gguf\"]}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(MAPPER.readTree(response.body()).path("status").asText()).isEqualTo("success");
    assertThat(EDGE.cluster().orders()).containsExactly("pull START hf:a/b [*.gguf] on studio");
  }

  @Test
  void endsWithAnErrorWhatWentWrong() throws Exception {
    EDGE.cluster()
        .pulling(
            status(PullPhase.FETCHING, 1, "f"), status(PullPhase.FAILED, 1, "the disk is full"));

    var lines = lines(post("/api/pull", "{\"model\": \"a/b\"}"));
    assertThat(lines.get(lines.size() - 1).path("error").asText()).isEqualTo("the disk is full");

    var whole = post("/api/pull", "{\"model\": \"a/b\", \"stream\": false}");
    assertThat(whole.statusCode()).isEqualTo(502);
    assertThat(whole.body()).contains("the disk is full");
  }

  @Test
  void waitsForANodeThatIsSilentForAMoment() throws Exception {
    EDGE.cluster()
        .pulling(
            status(PullPhase.FETCHING, 1, "f"),
            status(PullPhase.UNKNOWN, 0, ""),
            status(PullPhase.DONE, 100, "done"));

    assertThat(lines(post("/api/pull", "{\"model\": \"a/b\"}")))
        .extracting(line -> line.path("status").asText())
        .containsExactly("downloading", "waiting for the node", "success");
  }

  @Test
  void refusesBeforeTheFirstByteWhatCannotBeginAtAll() throws Exception {
    EDGE.cluster().pulling(status(PullPhase.REFUSED, 0, "this node fetches nothing"));

    assertThat(post("/api/pull", "{\"model\": \"a/b\"}").statusCode()).isEqualTo(409);
    assertThat(post("/api/pull", "{}").statusCode()).isEqualTo(400);
    assertThat(post("/api/pull", "{\"model\": \"a/b\", \"node\": \"x\"}").statusCode())
        .isEqualTo(404);
    assertThat(EDGE.send("POST", "/api/pull", "{\"model\": \"a/b\"}").statusCode()).isEqualTo(401);
  }

  @Test
  void stopsAPull() throws Exception {
    EDGE.cluster().pulling(status(PullPhase.STOPPED, 40, "stopped"));

    var response = post("/api/pull/stop", "{\"model\": \"a/b\", \"node\": \"mini\"}");

    assertThat(MAPPER.readTree(response.body()).path("status").asText()).isEqualTo("stopped");
    assertThat(EDGE.cluster().orders()).containsExactly("pull STOP a/b [] on mini");
  }

  @Test
  void givesMeasuredSpeedsAwayAndTakesThoseOfOthers() throws Exception {
    var speeds = EDGE.get("/api/nodes/mini/speeds", "Authorization", "Bearer long-key");
    assertThat(speeds.statusCode()).isEqualTo(200);
    var document = MAPPER.readTree(speeds.body());
    assertThat(document.path("machine").path("chip").asText()).isEqualTo("M2 Ultra");
    assertThat(document.path("speeds").path(0).path("decode").path("value").asDouble())
        .isEqualTo(80.5);

    var taken = post("/api/nodes/studio/speeds", speeds.body());

    assertThat(taken.statusCode()).isEqualTo(200);
    assertThat(EDGE.cluster().orders())
        .singleElement()
        .asString()
        .startsWith("adopt [Baseline[model=small, runtime=mlx")
        .endsWith("of M2 Ultra with 64 GB");
    assertThat(post("/api/nodes/studio/speeds", "{\"machine\": {}, \"speeds\": []}").statusCode())
        .isEqualTo(400);
    assertThat(
            post("/api/nodes/studio/speeds", "{\"machine\": {\"chip\": \"M1\"}, \"speeds\": [{}]}")
                .statusCode())
        .isEqualTo(400);
    assertThat(
            post(
                    "/api/nodes/studio/speeds",
                    "{\"machine\": {\"chip\": \"M1\"}, \"speeds\": [{\"model\": \"m\", \"runtime\": \"x\", \"decode\": {\"value\": -1, \"samples\": 1}}]}")
                .statusCode())
        .isEqualTo(400);
  }
}
