package org.brokecluster.coordinator.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.brokecluster.coordinator.cli.client.FakeEdge;
import org.brokecluster.coordinator.cli.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelVerbsTest {
  private static final String SPEEDS =
      """
      {"node": "a", "machine": {"chip": "M2 Ultra", "memoryBytes": 68719476736},
       "speeds": [{"model": "qwen", "runtime": "mlx", "decode": {"value": 80.5, "samples": 3}}]}
      """;

  @TempDir private Path folder;
  private final FakeEdge edge = new FakeEdge();

  @BeforeEach
  void aMachineHasTheModel() {
    edge.says("/api/nodes", "[" + node("disk", 0) + "]");
  }

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void watchesALoadThatTakesLongerThanAnAnswer() {
    edge.says(
            "/api/nodes/a/models/load",
            202,
            "{\"accepted\": true, \"begun\": true, \"node\": \"a\", \"message\": \"still loading\"}",
            Map.of())
        .says("/api/nodes/a", node("loading", 0.5))
        .thenSays("/api/nodes/a", 200, node("loaded", 1));

    assertThat(edge.run(new LoadCommand(), "qwen", "--node", "a")).isZero();

    assertThat(edge.out()).isEqualToIgnoringNewLines("a: loaded: model=qwen");
    assertThat(edge.err()).contains("a: loading qwen 50 %");
    assertThat(edge.asked).filteredOn(asked -> asked.startsWith("POST")).hasSize(1);
  }

  @Test
  void tellsWhyALoadFailedInTheEnd() {
    edge.says("/api/nodes/a/models/load", 202, "{\"begun\": true}", Map.of())
        .says("/api/nodes/a", node("failed", 0));

    assertThat(edge.run(new LoadCommand(), "qwen", "--node", "a")).isEqualTo(1);

    assertThat(edge.out()).contains("a: refused: not loaded: does not fit");
  }

  @Test
  void saysWhatHadToMakeRoom() {
    var models =
        "{\"name\": \"a\", \"models\": [{\"id\": \"qwen\", \"state\": \"%s\"},"
            + " {\"id\": \"gemma\", \"state\": \"%s\"}, {\"id\": \"phi\", \"state\": \"loaded\"}]}";
    edge.says("/api/nodes", "[" + models.formatted("disk", "loaded") + "]")
        .says(
            "/api/nodes/a/models/load",
            "{\"accepted\": true, \"node\": \"a\", \"message\": \"loaded: model=qwen\"}")
        .says("/api/nodes/a", models.formatted("disk", "loaded"))
        .thenSays("/api/nodes/a", 200, models.formatted("loaded", "disk"));

    assertThat(edge.run(new LoadCommand(), "qwen")).isZero();

    assertThat(edge.out().strip()).isEqualTo("a: loaded: model=qwen; no longer in memory: gemma");
  }

  private static String node(String state, double progress) {
    return """
        {"name": "a", "models": [{"id": "qwen", "state": "%s", "progress": %s,
         "reason": "does not fit"}]}
        """
        .formatted(state, progress);
  }

  @Test
  void oneMachineThatRefusesDoesNotKeepTheOthersFromBeingTold() {
    edge.says(
            "/api/nodes",
            """
            [{"name": "a", "models": [{"id": "qwen"}]}, {"name": "b", "models": [{"id": "qwen"}]}]
            """)
        .says(
            "/api/nodes/a/models/unload",
            409,
            "{\"error\": {\"message\": \"model is in use: attempts=2\"}}",
            Map.of())
        .says(
            "/api/nodes/b/models/unload",
            "{\"accepted\": true, \"node\": \"b\", \"message\": \"unloaded: model=qwen\"}");

    assertThat(edge.run(new UnloadCommand(), "qwen")).isEqualTo(1);

    assertThat(edge.out().lines())
        .containsExactly("a: refused: model is in use: attempts=2", "b: unloaded: model=qwen");
  }

  @Test
  void unpins() {
    edge.says(
        "/api/nodes/a/models/unpin",
        "{\"accepted\": true, \"node\": \"a\", \"message\": \"unpinned\"}");

    assertThat(edge.run(new UnpinCommand(), "qwen", "--node", "a")).isZero();
  }

  @Test
  void pullsAndShowsHowThatGoes() {
    edge.says(
        "/api/pull",
        """
        {"status":"pulling manifest","model":"x/y","node":"mini"}
        {"status":"downloading","model":"x/y","node":"mini","total":2000000000,"completed":500000000,"bytes_per_second":50000000,"eta_seconds":30}
        {"status":"success","model":"x/y","node":"mini","total":2000000000,"completed":2000000000,"message":"fetched to /hub/models--x--y"}
        """);

    assertThat(edge.run(new PullCommand(), "x/y", "--node", "mini", "--include", "*.gguf"))
        .isZero();

    assertThat(edge.asked)
        .containsExactly(
            "POST /api/pull {\"model\":\"x/y\",\"node\":\"mini\",\"include\":[\"*.gguf\"]}");
    assertThat(edge.out())
        .isEqualToIgnoringNewLines("mini: x/y, 2.0 GB, fetched to /hub/models--x--y");
    assertThat(edge.err()).contains("mini: x/y, pulling manifest");
  }

  @Test
  void aPullAsJsonIsOneDocument() throws JsonProcessingException {
    edge.says(
        "/api/pull",
        """
        {"status":"downloading","model":"x/y","node":"mini","total":20,"completed":5}
        {"status":"success","model":"x/y","node":"mini","total":20,"completed":20}
        """);

    assertThat(edge.run(new PullCommand(), "x/y", "--json")).isZero();

    assertThat(Json.parse(edge.out()).path("status").asText()).isEqualTo("success");
  }

  @Test
  void saysHowFarAPullIs() throws JsonProcessingException {
    var entry =
        Json.parse(
            """
            {"status":"downloading","model":"x/y","node":"mini","total":2000000000,
             "completed":500000000,"bytes_per_second":50000000,"eta_seconds":30}
            """);

    assertThat(PullCommand.sentence(entry))
        .isEqualToIgnoringNewLines("mini: x/y, 500 MB of 2.0 GB, 50.0 MB/s, 30.0 s left");
  }

  @Test
  void failsWithTheReasonOfAPullThatFailed() {
    edge.says(
        "/api/pull",
        "{\"status\":\"failed\",\"error\":\"the model x/y is gated\",\"model\":\"x/y\",\"node\":\"m\"}\n");

    assertThat(edge.run(new PullCommand(), "x/y")).isEqualTo(1);
    assertThat(edge.err()).contains("the model x/y is gated");
  }

  @Test
  void doesNotTakeAConnectionThatEndedEarlyForSuccess() {
    edge.says("/api/pull", "{\"status\":\"downloading\",\"model\":\"x/y\",\"node\":\"m\"}\n");

    assertThat(edge.run(new PullCommand(), "x/y")).isEqualTo(1);
    assertThat(edge.err()).contains("still fetching");
  }

  @Test
  void stopsAPull() {
    edge.says("/api/pull/stop", "{\"status\":\"stopped\",\"model\":\"x/y\",\"node\":\"m\"}");

    assertThat(edge.run(new PullCommand(), "x/y", "--stop")).isZero();
    assertThat(edge.out()).contains("m: x/y, stopped");
  }

  @Test
  void carriesSpeedsFromOneClusterToAnother() throws IOException {
    var nodes = "[{\"name\": \"a\", \"state\": \"up\", \"roles\": [\"node\"]}]";
    edge.says("/api/nodes", nodes).says("/api/nodes/a/speeds", SPEEDS);
    var file = folder.resolve("speeds.json");

    assertThat(edge.run(new ExportConfigCommand(), file.toString())).isZero();
    edge.says("/api/nodes/a/speeds", SPEEDS);
    edge.thenSays(
        "/api/nodes/a/speeds",
        200,
        "{\"accepted\": true, \"node\": \"a\", \"message\": \"took the speeds of 1 models\"}");
    assertThat(edge.run(new ImportConfigCommand(), file.toString())).isZero();

    assertThat(edge.out()).contains("a: took the speeds of 1 models");
    assertThat(edge.asked.get(edge.asked.size() - 1))
        .startsWith("POST /api/nodes/a/speeds {\"machine\":{\"chip\":\"M2 Ultra\"")
        .contains("80.5")
        .contains("\"force\":false");
  }

  @Test
  void doesNotGiveAMachineTheSpeedsOfAnotherKind() throws IOException {
    var file = folder.resolve("speeds.json");
    Files.writeString(
        file,
        """
        {"kind": "broke-baselines", "version": 1, "machines": [
          {"machine": {"chip": "M1", "memoryBytes": 17179869184}, "speeds": []}]}
        """);
    edge.says("/api/nodes/a/speeds", SPEEDS);

    assertThat(edge.run(new ImportConfigCommand(), file.toString(), "--node", "a")).isEqualTo(1);
    assertThat(edge.err())
        .contains("a is M2 Ultra with 64 GB")
        .contains("the file has M1 with 16 GB")
        .contains("--force");

    assertThat(edge.run(new ImportConfigCommand(), file.toString(), "--node", "a", "--force"))
        .isZero();
    Files.writeString(file, "{}");
    assertThat(edge.run(new ImportConfigCommand(), file.toString())).isEqualTo(1);
    assertThat(edge.err()).contains("is not a file of ./broke export-config");
  }
}
