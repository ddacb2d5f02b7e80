package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.Sse;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job across processes: one coordinator, three nodes, answers through any edge. */
class ClusterOfProcessesTest {
  private static TestCluster cluster;

  @BeforeAll
  static void start(@TempDir Path dir) {
    cluster =
        TestCluster.start(dir, 50)
            .node("studio-m2")
            .node("studio-m1")
            .node("mini-m1")
            .awaitNodes(3);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void streamsAnAnswerThatIsWhole() {
    var response =
        cluster.edge().stream(
            "/v1/chat/completions", BrokeClient.chat("auto", "Say something", true, 60));
    var sse = Sse.read(response.body());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
    assertThat(response.headers().firstValue("x-request-id")).isPresent();
    assertThat(response.headers().firstValue("x-broke-node")).isPresent();
    assertThat(sse.text()).contains("simulated");
    assertThat(sse.finishReasons()).hasSize(1);
    assertThat(sse.done()).isTrue();
    assertThat(sse.events().get(sse.events().size() - 1).path("usage").path("total_tokens").asInt())
        .isPositive();
    assertThat(sse.events()).allMatch(event -> event.path("id").asText().startsWith("chatcmpl-"));
  }

  @Test
  void answersTheSameInOnePiece() {
    var streamed =
        Sse.read(
            cluster.edge().stream(
                    "/v1/chat/completions", BrokeClient.chat("basic", "A pure function", true, 40))
                .body());
    var whole =
        cluster
            .edge()
            .post("/v1/chat/completions", BrokeClient.chat("basic", "A pure function", false, 40));

    assertThat(whole.statusCode()).isEqualTo(200);
    var json = BrokeClient.parse(whole.body());
    assertThat(json.path("choices").path(0).path("message").path("content").asText())
        .isEqualTo(streamed.text());
    assertThat(json.path("usage").path("completion_tokens").asInt()).isBetween(1, 40);
  }

  @Test
  void answersThroughTheEdgeOfEveryNode() {
    for (var name : new String[] {"studio-m2", "studio-m1", "mini-m1"}) {
      cluster.await(
          Duration.ofSeconds(60),
          name + " is ready",
          () -> cluster.edge(name).get("/ready").statusCode() == 200);
      var answer =
          cluster
              .edge(name)
              .post("/v1/chat/completions", BrokeClient.chat("balanced", "Hello", false, 10));

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }

  @Test
  void carriesAPromptOfFiveMegabytes() {
    var prompt = "lorem ipsum ".repeat(430_000);

    var answer =
        cluster
            .edge()
            .post(
                "/v1/completions",
                "{\"model\":\"auto\",\"max_tokens\":3,\"prompt\":\"%s\"}".formatted(prompt));

    // Longer than any context: the message must have crossed to say so, or be answered.
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400);
    if (answer.statusCode() == 400) {
      assertThat(answer.body()).contains("context_length_exceeded");
    }
  }

  @Test
  void spreadsManyRequestsAtOnceAndLosesNone() {
    var answers = new ArrayList<CompletableFuture<Integer>>();
    for (int i = 0; i < 60; i++) {
      answers.add(
          cluster
              .edge()
              .postAsync(
                  "/v1/chat/completions", BrokeClient.chat("basic", "Number " + i, false, 20))
              .thenApply(response -> response.statusCode()));
    }

    assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(200));
    cluster.await(
        Duration.ofSeconds(60),
        "all slots are free again",
        () -> {
          int running = 0;
          for (var node : cluster.edge().getJson("/api/nodes")) {
            running += node.path("running").asInt() + node.path("queued").asInt();
          }
          return running == 0;
        });
  }

  @Test
  void namesWhatExistsWhenAModelDoesNot() {
    var answer =
        cluster.edge().post("/v1/chat/completions", BrokeClient.chat("gpt-99", "Hi", false, 5));

    assertThat(answer.statusCode()).isEqualTo(404);
    var error = BrokeClient.parse(answer.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo("model_not_found");
    assertThat(error.path("message").asText()).contains("gpt-99").contains("sim/");
  }

  @Test
  void explainsADecisionAfterwards() {
    var answer =
        cluster
            .edge()
            .post("/v1/chat/completions", BrokeClient.chat("auto", "Format this", false, 5));
    var id = answer.headers().firstValue("x-request-id").orElseThrow();

    var explained = cluster.edge().get("/api/requests/" + id + "/explain");

    assertThat(explained.statusCode()).isEqualTo(200);
    assertThat(explained.body()).contains("studio-m2").contains("studio-m1").contains("mini-m1");
  }

  @Test
  void changesTheStrategyAtRunTimeAndRefusesAnUnknownOne() {
    assertThat(cluster.edge().getJson("/api/config").path("strategy").asText())
        .isEqualTo("balanced");

    assertThat(put("quality-first")).isEqualTo(200);
    var answer =
        cluster.edge().post("/v1/chat/completions", BrokeClient.chat("auto", "Hi", false, 5));
    assertThat(answer.headers().firstValue("x-broke-strategy")).hasValue("quality-first");
    assertThat(put("no-such")).isEqualTo(400);
    assertThat(put("balanced")).isEqualTo(200);
  }

  private static int put(String strategy) {
    return cluster.edge().put("/api/config", "{\"strategy\":\"" + strategy + "\"}").statusCode();
  }
}
