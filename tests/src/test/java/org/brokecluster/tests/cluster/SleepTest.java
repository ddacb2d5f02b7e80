package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.tests.harness.Await;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.BrokeProcess;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that sleep, as others see it: their process stands still for a while. */
class SleepTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String NODE = "studio-m1";

  @TempDir private static Path dir;
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(dir, 2).node("studio-m1").node("studio-m2");
  }

  @BeforeEach
  void whole() {
    cluster.mend();
    assertThat(ask(NODE)).isEqualTo(200); // its model is loaded from now on
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aNodeThatSleptForLongIsUsedWithinSecondsWithItsModelAndOnlyOnce() {
    var process = cluster.process(NODE);
    process.pause();
    cluster.await(Duration.ofSeconds(90), "it is given up", () -> entries(NODE).isEmpty());
    Await.pause(Duration.ofSeconds(4)); // further than others wait, and than it forgives itself

    long woke = System.nanoTime();
    process.resume();

    cluster.await(Duration.ofSeconds(60), "it is used again", () -> ask(NODE) == 200);
    var took = Duration.ofNanos(System.nanoTime() - woke);
    assertThat(took).as(cluster.logs()).isLessThan(Duration.ofSeconds(20));
    assertThat(entries(NODE)).as("one entry, the living one").hasSize(1);
    var entry = entries(NODE).get(0);
    assertThat(entry.path("state").asText()).isEqualTo("up");
    var states = new ArrayList<String>();
    entry.path("models").forEach(model -> states.add(model.path("state").asText()));
    assertThat(states).contains("loaded");
  }

  @Test
  void aNodeThatVanishesForAMomentKeepsItsPlaceAndItsModels() {
    var process = cluster.process(NODE);
    int begins = memberships(process);
    process.pause();
    Await.pause(Duration.ofSeconds(3));
    process.resume();

    cluster.await(Duration.ofSeconds(60), "it is used again", () -> ask(NODE) == 200);
    assertThat(memberships(process)).as(process.log()).isEqualTo(begins);
    assertThat(entries(NODE)).hasSize(1);
  }

  /** How often the host has begun to be a member, by its log. */
  private static int memberships(BrokeProcess process) {
    return process.log().split("membership starts: number=", -1).length - 1;
  }

  private int ask(String node) {
    var body = BrokeClient.chat("basic", "Hi", false, 3);
    return cluster
        .edge()
        .post(CHAT, body, "x-broke-node", node, "x-broke-max-seconds", "5")
        .statusCode();
  }

  private List<JsonNode> entries(String name) {
    var found = new ArrayList<JsonNode>();
    for (var node : cluster.edge().getJson("/api/nodes")) {
      if (node.path("name").asText().equals(name)) {
        found.add(node);
      }
    }
    return found;
  }
}
