package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.brokecluster.tests.harness.Await;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.RawClient;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that go away or do not read must not hold what others wait for. */
class HangUpTest {
  /** Far less than the answers take, which are of two minutes. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private static TestCluster cluster;

  @BeforeAll
  static void start(@TempDir Path dir) {
    cluster = TestCluster.start(dir, 1).node("mini-m1").awaitNodes(1);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void finDuringAStreamFreesTheSlot() {
    var client = begin(true);
    client.readUntil("\"content\":\"");

    client.hangUp();

    awaitCancelled();
  }

  @Test
  void finWhileAnAnswerInOnePieceIsMadeFreesTheSlot() {
    var client = begin(false);
    awaitBusy();

    client.hangUp();

    awaitCancelled();
  }

  @Test
  void resetFreesTheSlotInBothModes() {
    var streaming = begin(true);
    streaming.readUntil("\"content\":\"");
    streaming.reset();
    awaitCancelled();

    var whole = begin(false);
    awaitBusy();
    whole.reset();
    awaitCancelled();
  }

  @Test
  void anAnswerThatIsKeptGoesOnWithoutItsClientForAWhile() {
    var client = begin(true, "x-broke-keep", "8");
    client.readUntil("\"content\":\"");

    client.hangUp();

    Await.pause(Duration.ofMillis(1_500));
    assertThat(running()).isEqualTo(1);
    awaitCancelled();
  }

  @Test
  void aClientThatNeverReadsHoldsNoSlotOfARuntime() {
    try (var client =
        RawClient.post(
            cluster.edge().base(),
            "/v1/chat/completions",
            BrokeClient.longChat("basic", "Never read", true, 200))) {
      awaitBusy();

      awaitIdle();
      assertThat(client).isNotNull();
    }
  }

  private static RawClient begin(boolean stream, String... headers) {
    awaitIdle();
    return RawClient.post(
        cluster.edge().base(),
        "/v1/chat/completions",
        BrokeClient.longChat("basic", "A very long story", stream, 4_000),
        headers);
  }

  private static void awaitBusy() {
    cluster.await(SOON, "an answer is under way", () -> running() > 0);
  }

  private static void awaitIdle() {
    cluster.await(SOON, "the slot is free", () -> running() == 0);
  }

  /** The slot is free because its answer was taken back, and not because it was at its end. */
  private static void awaitCancelled() {
    awaitIdle();
    cluster.await(
        SOON,
        "the newest request was cancelled",
        () ->
            cluster
                .edge()
                .getJson("/api/history?limit=1")
                .at("/items/0/state")
                .asText()
                .equals("cancelled"));
  }

  private static int running() {
    int running = 0;
    for (var node : cluster.edge().getJson("/api/nodes")) {
      running += node.path("running").asInt() + node.path("queued").asInt();
    }
    return running;
  }
}
