package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.TestCluster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are killed, stand still, or are asked to leave while they work. */
class NodeLossTest {
  private static final Duration OLD_REPORT = Duration.ofSeconds(2);

  @TempDir private static Path dir;
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    // Two equal Macs, slow enough that an answer is under way when its node goes.
    cluster = TestCluster.start(dir, 1).node("studio-m1").node("studio-m2");
  }

  @BeforeEach
  void whole() {
    cluster.mend();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void anAnswerInOnePieceSurvivesTheKillOfItsNode() {
    var answer =
        cluster
            .edge()
            .postAsync(
                "/v1/chat/completions", BrokeClient.longChat("basic", "Long one", false, 1000));
    var node = awaitRunning();

    cluster.process(node).killHard();

    var response = answer.join();
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("x-broke-attempts")).hasValue("2");
    assertThat(response.headers().firstValue("x-broke-node")).isPresent().get().isNotEqualTo(node);
  }

  @Test
  void aPausedNodeIsLeftAtOnceAndUsedAgainLaterWithoutAModelLoad() {
    var answer =
        cluster
            .edge()
            .postAsync(
                "/v1/chat/completions", BrokeClient.longChat("basic", "Long one", false, 1000));
    var node = awaitRunning();
    var process = cluster.process(node);

    process.pause();
    assertThat(answer.join().statusCode()).isEqualTo(200);
    cluster.await(Duration.ofSeconds(90), node + " is given up", () -> find(node) == null);
    process.resume();

    cluster.await(
        Duration.ofSeconds(90),
        node + " serves again",
        () -> {
          var again =
              cluster
                  .edge()
                  .post(
                      "/v1/chat/completions",
                      BrokeClient.chat("basic", "Hi", false, 3),
                      "x-broke-node",
                      node);
          return again.statusCode() == 200;
        });
    assertThat(stateOf(node, "loaded")).isTrue();
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void aNodeAskedToStopFinishesOrHandsOverAndLeavesWithinTenSeconds() {
    var answer =
        cluster
            .edge()
            .postAsync(
                "/v1/chat/completions", BrokeClient.longChat("basic", "Long one", false, 1000));
    var node = awaitRunning();

    cluster.process(node).terminate();

    assertThat(answer.join().statusCode()).isEqualTo(200);
    cluster.process(node).awaitExit(20);
    cluster.await(Duration.ofSeconds(60), node + " is gone", () -> find(node) == null);
  }

  /** The node that makes the long answer: one that has said so for longer than an old report. */
  private String awaitRunning() {
    var found = new String[1];
    var since = new long[1];
    cluster.await(
        Duration.ofSeconds(60),
        "a node works",
        () -> {
          var now = running();
          if (now == null || !now.equals(found[0])) {
            found[0] = now;
            since[0] = System.nanoTime();
          }
          return now != null && System.nanoTime() - since[0] > OLD_REPORT.toNanos();
        });
    return found[0];
  }

  private static @Nullable String running() {
    for (var node : cluster.edge().getJson("/api/nodes")) {
      if (node.path("running").asInt() > 0) {
        return node.path("name").asText();
      }
    }
    return null;
  }

  private JsonNode find(String name) {
    for (var node : cluster.edge().getJson("/api/nodes")) {
      if (node.path("name").asText().equals(name)) {
        return node;
      }
    }
    return null;
  }

  private boolean stateOf(String name, String state) {
    for (var model : find(name).path("models")) {
      if (model.path("tier").asText().equals("basic")) {
        return model.path("state").asText().equals(state);
      }
    }
    return false;
  }
}
