package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A founder that comes back without a memory of its cluster. */
class FounderLossTest {
  @TempDir private Path dir;

  @Test
  void nodesFollowAFounderThatHasForgottenThem() throws IOException {
    try (var cluster =
        TestCluster.start(dir, 50)
            .node("mini-m1", "broke.cluster.stranded-after=3s")
            .awaitNodes(1)) {
      var coordinator = cluster.process("coordinator");
      coordinator.terminate();
      coordinator.awaitExit(60);
      delete(dir.resolve("coordinator"));

      cluster.restart("coordinator");

      cluster.awaitNodes(1);
      assertThat(cluster.process("mini-m1").log())
          .contains("in a cluster without enough coordinators while one runs elsewhere");
      cluster.await(
          Duration.ofSeconds(60),
          "the node serves again",
          () -> cluster.edge("mini-m1").get("/ready").statusCode() == 200);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
