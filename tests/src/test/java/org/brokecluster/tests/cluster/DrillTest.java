package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.BrokeProcess;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drills on real processes, by the verb a user types. */
class DrillTest {
  @TempDir private static Path dir;
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        TestCluster.start(dir, 2)
            .node("studio-m1")
            .node("studio-m2", "broke.node.drill.allowed=false");
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
  void aKillAndAPauseAreSurvivedByEveryRequestAndTheMachineIsItselfAgain() throws IOException {
    for (var fault : List.of("kill", "pause")) {
      var report = drill(fault, "studio-m1", 0);

      var during = report.path("phases").get(1);
      assertThat(report.path("failures")).as(report.toString()).isEmpty();
      assertThat(during.path("answered").asInt()).as(report.toString()).isPositive();
      assertThat(during.path("rescued").asInt() + during.path("retried").asInt())
          .as(report.toString())
          .isPositive();
      cluster.await(Duration.ofSeconds(60), "studio-m1 serves again", this::serves);
    }
  }

  @Test
  void aMachineThatIsNotWillingIsLeftAlone() throws IOException {
    var message = run(1, "drill", "kill", "studio-m2", "--seconds", "2", "--around", "1");

    assertThat(message).contains("takes no part in drills", "broke.node.drill.allowed");
  }

  private boolean serves() {
    var body = BrokeClient.chat("basic", "Hi", false, 3);
    var answer = cluster.edge().post("/v1/chat/completions", body, "x-broke-node", "studio-m1");
    return answer.statusCode() == 200;
  }

  private JsonNode drill(String fault, String node, int exit) throws IOException {
    var output = run(exit, "drill", fault, node, "--seconds", "4", "--around", "3", "--json");
    return BrokeClient.parse(output.substring(output.indexOf('{')));
  }

  private String run(int exit, String... arguments) throws IOException {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", cluster.edge().base()));
    var process =
        new ProcessBuilder(BrokeProcess.verb(all.toArray(String[]::new)))
            .redirectErrorStream(true)
            .start();
    try {
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output).isEqualTo(exit);
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
