package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded replays to the same state, whatever happens to the coordinator. */
class RoutingHistoryTest {
  @TempDir private static Path dir;
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(dir, 100).node("mini-m1").awaitNodes(1);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void replaysIdenticallyAfterAKillAndARestart() {
    int before = completed();
    int terms = verify().path("terms").size();
    for (int i = 0; i < 20; i++) {
      ask("Question " + i);
    }
    awaitRecorded(before + 20);
    assertThat(verify().path("result").asText()).isEqualTo("identical");

    cluster.process("coordinator").killHard();
    cluster.restart("coordinator");
    cluster.awaitNodes(1);
    ask("After the crash");
    awaitRecorded(before + 21);

    // The new term's checkpoint is written once the router has been idle for a second.
    cluster.await(
        Duration.ofSeconds(60),
        "a checkpoint of the new term",
        () -> verify().path("terms").path(terms).path("checkpoints").asInt() > 0);
    var verified = verify();
    assertThat(verified.path("result").asText()).as(verified.toString()).isEqualTo("identical");
    assertThat(verified.path("terms")).hasSize(terms + 1);
  }

  @Test
  void showsWhatHappenedToARequest() {
    int before = completed();
    var id = ask("Only facts are kept, secretword never");
    awaitRecorded(before + 1);

    var entry = cluster.edge().getJson("/api/history?limit=5").path("items").path(0);
    assertThat(entry.path("request").asText()).isEqualTo(id);
    assertThat(entry.path("state").asText()).isEqualTo("completed");
    var detail = cluster.edge().get("/api/requests/" + id);
    assertThat(detail.statusCode()).isEqualTo(200);
    assertThat(detail.body()).contains("received", "decided", "completed");
    assertThat(detail.body()).doesNotContain("secretword");
  }

  private static String ask(String prompt) {
    var answer =
        cluster.edge().post("/v1/chat/completions", BrokeClient.chat("auto", prompt, false, 5));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("x-request-id").orElseThrow();
  }

  private static JsonNode verify() {
    return cluster.edge().getJson("/api/replay");
  }

  private static void awaitRecorded(int requests) {
    cluster.await(
        Duration.ofSeconds(60), requests + " requests recorded", () -> completed() >= requests);
  }

  private static int completed() {
    int completed = 0;
    for (var item : cluster.edge().getJson("/api/history?limit=100").path("items")) {
      if (item.path("state").asText().equals("completed")) {
        completed++;
      }
    }
    return completed;
  }
}
