package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.brokecluster.tests.harness.Await;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.BrokeProcess;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator edits {@code cluster.conf} while the cluster works. */
class ConfigReloadTest {
  private static final String CHAT = "/v1/chat/completions";

  @TempDir private Path dir;

  @Test
  void strategiesChangeWithinSecondsAndTheHistoryStaysIdentical() throws IOException {
    write("thrifty { cost = 1 }");
    int port = TestCluster.freePort();
    var client = new BrokeClient("http://127.0.0.1:" + port);
    try (var process = start(port)) {
      await(process, "ready", () -> client.get("/ready").statusCode() == 200);
      assertThat(answer(client, "thrifty")).isEqualTo(200);
      assertThat(answer(client, "hasty")).isEqualTo(400);

      write("hasty { speed = 1 }");
      await(process, "hasty is there", () -> answer(client, "hasty") == 200);
      assertThat(answer(client, "thrifty")).isEqualTo(400);

      write("hasty { sped = 1 }");
      await(process, "the problem is told", () -> config(client).contains("unknown term"));
      await(process, "the log tells it", () -> process.log().contains("is not used"));
      assertThat(process.log()).contains("unknown term \"sped\"");
      assertThat(answer(client, "hasty")).isEqualTo(200);

      write("hasty { speed = 2, cost = 1 }");
      await(process, "all is well", () -> config(client).equals("ok"));
      assertThat(client.getJson("/api/replay").toString()).contains("identical");
      process.terminate();
      process.awaitExit(60);
    }
  }

  private void write(String strategies) throws IOException {
    Files.writeString(
        dir.resolve("cluster.conf"), "broke.router.strategies { " + strategies + " }\n");
  }

  private BrokeProcess start(int port) {
    return BrokeProcess.start(
        "up",
        dir,
        List.of(
            "up",
            "--config-dir",
            dir.toString(),
            "--data-dir",
            dir.resolve("data").toString(),
            "--port",
            String.valueOf(port),
            "--cluster-port",
            "0",
            "--simulated",
            "mini-m1",
            "--time-scale",
            "50"));
  }

  private static int answer(BrokeClient client, String strategy) {
    var body = BrokeClient.chat("auto", "Hi", false, 5);
    return client.post(CHAT, body, "x-broke-strategy", strategy).statusCode();
  }

  private static String config(BrokeClient client) {
    return client.getJson("/api/cluster/status").path("config").asText();
  }

  private static void await(BrokeProcess process, String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (condition.getAsBoolean()) {
          return;
        }
      } catch (AssertionError e) {
        assertThat(process.isAlive()).as(process.log()).isTrue(); // not listening yet
      }
      Await.pause(Duration.ofMillis(100));
    }
    throw new AssertionError("waited in vain: " + what + "\n" + process.log());
  }
}
