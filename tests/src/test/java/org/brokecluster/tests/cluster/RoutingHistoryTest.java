package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded replays to the same state, whatever happens to the coordinator. */
class RoutingHistoryTest {

  @Test
  void replaysIdenticallyAfterAKillAndARestart(@TempDir Path dir) {
    try (var cluster = TestCluster.start(dir, 100).node("mini-m1").awaitNodes(1)) {
      for (int i = 0; i < 20; i++) {
        ask(cluster, "Question " + i);
      }
      awaitRecorded(cluster, 20);
      assertThat(verify(cluster).path("result").asText()).isEqualTo("identical");

      cluster.process("coordinator").killHard();
      cluster.restart("coordinator");
      cluster.awaitNodes(1);
      ask(cluster, "After the crash");
      awaitRecorded(cluster, 21);

      // The second term's checkpoint is written once the router has been idle for a second.
      cluster.await(
          Duration.ofSeconds(60),
          "a checkpoint of the second term",
          () -> verify(cluster).path("terms").path(1).path("checkpoints").asInt() > 0);
      var verified = verify(cluster);
      assertThat(verified.path("result").asText()).as(verified.toString()).isEqualTo("identical");
      assertThat(verified.path("terms")).hasSize(2);
    }
  }

  @Test
  void showsWhatHappenedToARequest(@TempDir Path dir) {
    try (var cluster = TestCluster.start(dir, 100).node("mini-m1").awaitNodes(1)) {
      var id = ask(cluster, "Only facts are kept, secretword never");
      awaitRecorded(cluster, 1);

      var entry = cluster.edge().getJson("/api/history?limit=5").path("items").path(0);
      assertThat(entry.path("request").asText()).isEqualTo(id);
      assertThat(entry.path("state").asText()).isEqualTo("completed");
      var detail = cluster.edge().get("/api/requests/" + id);
      assertThat(detail.statusCode()).isEqualTo(200);
      assertThat(detail.body()).contains("received", "decided", "completed");
      assertThat(detail.body()).doesNotContain("secretword");
    }
  }

  private static String ask(TestCluster cluster, String prompt) {
    var answer =
        cluster.edge().post("/v1/chat/completions", BrokeClient.chat("auto", prompt, false, 5));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("x-request-id").orElseThrow();
  }

  private static JsonNode verify(TestCluster cluster) {
    return cluster.edge().getJson("/api/replay");
  }

  private static void awaitRecorded(TestCluster cluster, int requests) {
    cluster.await(
        Duration.ofSeconds(60),
        requests + " requests recorded",
        () -> {
          int completed = 0;
          for (var item : cluster.edge().getJson("/api/history?limit=100").path("items")) {
            if (item.path("state").asText().equals("completed")) {
              completed++;
            }
          }
          return completed >= requests;
        });
  }
}
