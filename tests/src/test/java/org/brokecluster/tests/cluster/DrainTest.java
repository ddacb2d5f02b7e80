package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.Sse;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are asked to go give what they are doing to others, and nobody loses a character. */
class DrainTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String SOON = "broke.node.drain-time=500ms";

  /** A busy machine's pause is no loss of a node. */
  private static final String CALM = "broke.beats.suspect=10s";

  private static final int TOKENS = 300;

  /** More than a node that leaves has time for. */
  private static final int LONG = 1_000;

  @TempDir private static Path dir;
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(dir, 2, CALM).node("studio-m1", SOON).node("studio-m2", SOON);
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
  void aStreamLeavesANodeThatStopsAndTheNodeIsGoneWithinTenSeconds() {
    var expected = Sse.read(stream("A long story", LONG).body()).text();
    var response = stream("A long story", LONG);
    var node = Sse.node(response);
    var lines = response.body().iterator();
    var before = Sse.readContent(lines, 40);

    cluster.process(node).terminate();

    var rest = Sse.read(lines);
    assertThat(before + rest.text()).isEqualTo(expected);
    assertMoved(rest, LONG);
    cluster.process(node).awaitExit(20);
    awaitHandedOver(header(response, "x-request-id"));
  }

  @Test
  void aStreamLeavesADrainedNodeWhichLivesOnAndIsUsedAgain() {
    var expected = Sse.read(stream("Another story", LONG).body()).text();
    var response = stream("Another story", LONG);
    var node = Sse.node(response);
    var lines = response.body().iterator();
    var before = Sse.readContent(lines, 40);

    assertThat(drain(node, "drain").statusCode()).isEqualTo(200);

    var rest = Sse.read(lines);
    assertThat(before + rest.text()).isEqualTo(expected);
    assertMoved(rest, LONG);
    awaitHandedOver(header(response, "x-request-id"));
    cluster.await(
        Duration.ofSeconds(60),
        "it drains and runs nothing",
        () ->
            find(node).path("running").asInt() == 0
                && find(node).path("state").asText().equals("draining"));

    assertThat(drain(node, "resume").statusCode()).isEqualTo(200);
    cluster.awaitNodes(2);
    var again =
        cluster.edge().post(CHAT, BrokeClient.chat("basic", "Hi", false, 3), "x-broke-node", node);
    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
  }

  @Test
  void whereNobodyElseCanAStreamIsLetFinish() {
    var response =
        cluster.edge().stream(
            CHAT,
            BrokeClient.longChat("basic", "A story", true, TOKENS),
            "x-broke-node",
            "studio-m1");
    var lines = response.body().iterator();
    Sse.readContent(lines, 20);

    drain("studio-m1", "drain");

    var rest = Sse.read(lines);
    assertThat(rest.errors()).isEmpty();
    assertThat(rest.finishReasons()).containsExactly("length");
    assertThat(rest.done()).isTrue();
  }

  private static void assertMoved(Sse sse, int tokens) {
    assertThat(sse.errors()).isEmpty();
    assertThat(sse.finishReasons()).containsExactly("length");
    assertThat(sse.done()).isTrue();
    assertThat(sse.comments()).anyMatch(line -> line.contains("the answer moved"));
    var usage = sse.events().get(sse.events().size() - 1).at("/usage/completion_tokens");
    assertThat(usage.asInt()).isEqualTo(tokens);
  }

  /** The history says handed over, and nothing of a failure. */
  private void awaitHandedOver(String request) {
    cluster.await(
        Duration.ofSeconds(60),
        "the history knows of the hand-over",
        () -> {
          var kinds = new ArrayList<String>();
          for (var event : cluster.edge().getJson("/api/requests/" + request).findValues("type")) {
            kinds.add(event.asText());
          }
          return kinds.contains("handed-over")
              && kinds.contains("completed")
              && !kinds.contains("failed")
              && !kinds.contains("refused");
        });
  }

  private HttpResponse<String> drain(String node, String what) {
    return cluster.edge().post("/api/nodes/" + node + "/" + what, "");
  }

  private HttpResponse<Stream<String>> stream(String prompt, int tokens) {
    return cluster.edge().stream(CHAT, BrokeClient.longChat("basic", prompt, true, tokens));
  }

  private JsonNode find(String name) {
    for (var node : cluster.edge().getJson("/api/nodes")) {
      if (node.path("name").asText().equals(name)) {
        return node;
      }
    }
    throw new AssertionError("no node " + name);
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }
}
