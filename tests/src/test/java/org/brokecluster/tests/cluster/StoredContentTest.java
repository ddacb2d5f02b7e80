package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prompts and answers lie on disk only where somebody has said so, and then nobody can read them.
 */
class StoredContentTest {
  private static final String MARKER = "marmaladehedgehog";
  private static final String ON = "broke.history.store-content=true";

  @Test
  void textsOfHostsThatSaySoSurviveAKillAndLieNowhereOpen(@TempDir Path dir) throws IOException {
    try (var cluster = TestCluster.start(dir, 100, ON).node("mini-m1", ON).awaitNodes(1)) {
      var here = ask(cluster, "coordinator");
      var there = ask(cluster, "mini-m1");
      awaitTexts(cluster, 2);

      cluster.process("coordinator").killHard();
      cluster.restart("coordinator");
      cluster.awaitNodes(1);

      awaitTexts(cluster, 2);
      var lines = cluster.edge().get("/api/collect?format=jsonl").body();
      assertThat(lines).contains("broke_" + here, "broke_" + there, MARKER).hasLineCount(2);
      cluster.await(
          Duration.ofSeconds(60),
          "the other host knows that texts are kept again",
          () -> status(cluster, "mini-m1").path("kept").asBoolean());
      assertThat(holding(dir)).isEmpty();
    }
  }

  @Test
  void aHostThatDoesNotSaySoHandsNothingOver(@TempDir Path dir) throws IOException {
    try (var cluster = TestCluster.start(dir, 100, ON).node("mini-m1").awaitNodes(1)) {
      ask(cluster, "mini-m1");
      var kept = ask(cluster, "coordinator");
      awaitTexts(cluster, 1);

      assertThat(cluster.edge().get("/api/collect?format=jsonl").body())
          .contains("broke_" + kept)
          .hasLineCount(1);
      assertThat(status(cluster, "mini-m1").path("here").asBoolean()).isFalse();
      assertThat(holding(dir)).isEmpty();
    }
  }

  private static String ask(TestCluster cluster, String host) {
    var answer =
        cluster
            .edge(host)
            .post(
                "/v1/chat/completions",
                BrokeClient.chat("auto", "What is a " + MARKER + "?", false, 5));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("x-request-id").orElseThrow();
  }

  private static JsonNode status(TestCluster cluster, String host) {
    return cluster.edge(host).getJson("/api/cluster/status").path("content");
  }

  private static void awaitTexts(TestCluster cluster, int count) {
    cluster.await(
        Duration.ofSeconds(60),
        count + " texts kept",
        () -> {
          var state = cluster.edge().get("/api/collect/summary");
          return state.statusCode() == 200 && state.body().contains("\"texts\":" + count + ",");
        });
  }

  /** Files of the whole cluster, logs among them, in which a word of a prompt can be read. */
  private static List<Path> holding(Path dir) throws IOException {
    var holding = new ArrayList<Path>();
    Files.walkFileTree(
        dir,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && contents(file).contains(MARKER)) {
              holding.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
            if (why instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // its owner has taken it away meanwhile
            }
            throw why;
          }
        });
    return holding;
  }

  /** What is in a file; nothing of one that its owner has taken away meanwhile. */
  private static String contents(Path file) throws IOException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
