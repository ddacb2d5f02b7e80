package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.Sse;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that stands still or dies: running streams go on, waiting requests wait. */
class RouterLossTest {
  @TempDir private static Path dir;
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(dir, 2).node("studio-m1").node("studio-m2");
  }

  @BeforeEach
  void whole() {
    cluster.mend();
    cluster.await(
        Duration.ofSeconds(60),
        "the edge of a node is ready",
        () -> cluster.edge("studio-m1").get("/ready").statusCode() == 200);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aStreamGoesOnWhileTheRouterStandsStillAndAWaitingRequestIsAnsweredAfterwards() {
    var edge = cluster.edge("studio-m1");
    var stream =
        edge.stream(
            "/v1/chat/completions", BrokeClient.longChat("balanced", "A long story", true, 300));

    cluster.process("coordinator").pause();
    var waiting = edge.postAsync("/v1/chat/completions", BrokeClient.chat("basic", "Hi", false, 5));
    var sse = Sse.read(stream.body());
    assertThat(sse.done()).as("the stream is whole").isTrue();
    assertThat(sse.errors()).isEmpty();
    assertThat(waiting).isNotDone();
    cluster.process("coordinator").resume();

    assertThat(waiting.join().statusCode()).as(waiting.join().body()).isEqualTo(200);
  }

  @Test
  void aRequestOutlivesTheRouterItWaitedFor() {
    cluster.process("coordinator").killHard();
    var waiting =
        cluster
            .edge("studio-m2")
            .postAsync("/v1/chat/completions", BrokeClient.chat("basic", "Hi", false, 5));

    cluster.restart("coordinator");

    var answer = waiting.join();
    assertThat(answer.statusCode()).as(answer.body() + cluster.logs()).isEqualTo(200);
    cluster.awaitNodes(2);
  }
}
