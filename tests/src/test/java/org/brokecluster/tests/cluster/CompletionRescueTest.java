package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.brokecluster.node.runtime.testserver.LlamaServer;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.Sse;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes, each in front of a played llama-server whose every eighth word depends on each sign of
 * the text its model is given: an answer that goes on behind another text would not be the same.
 */
class CompletionRescueTest {
  private static final String MODEL = "tiny-think-Q4_K_M.gguf";
  private static final int TOKENS = 4000;

  @TempDir private static Path dir;
  private static LlamaServer first;
  private static LlamaServer second;
  private static TestCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    first = new LlamaServer(0);
    second = new LlamaServer(0);
    cluster =
        TestCluster.start(dir, 1)
            .attached("first", "llama=" + first.url())
            .attached("second", "llama=" + second.url());
  }

  @BeforeEach
  void whole() {
    first.renders(true);
    second.renders(true);
    cluster.mend();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
    first.close();
    second.close();
  }

  @Test
  void aKilledNodesStreamGoesOnAsATextCompletionWithoutAChangedCharacter() {
    var expected = Sse.read(stream("think first, and at length").body()).text();
    var response = stream("think first, and at length");
    var node = Sse.node(response);
    var lines = response.body().iterator();
    var before = Sse.readContent(lines, 30);

    cluster.process(node).killHard();

    var rest = Sse.read(lines);
    assertThat(before + rest.text()).isEqualTo(expected);
    assertThat(rest.errors()).isEmpty();
    assertThat(rest.finishReasons()).containsExactly("length");
    assertThat(rest.comments()).anyMatch(line -> line.contains("by completion"));
    assertThat((node.equals("first") ? second : first).requests())
        .anyMatch(each -> each.line().contains("/apply-template"))
        .anyMatch(each -> each.line().contains("/v1/completions"));
    var request = response.headers().firstValue("x-request-id").orElseThrow();
    cluster.await(
        Duration.ofSeconds(60),
        "the history names the way",
        () -> cluster.edge().get("/api/requests/" + request).body().contains("COMPLETION"));
  }

  @Test
  void aServerThatRendersNoChatsIsAskedToGoOnInItsOwnWords() {
    first.renders(false);
    second.renders(false);
    var response = stream("at length");
    var node = Sse.node(response);
    var lines = response.body().iterator();
    Sse.readContent(lines, 30);

    cluster.process(node).killHard();

    var rest = Sse.read(lines);
    assertThat(rest.errors()).isEmpty();
    assertThat(rest.comments()).anyMatch(line -> line.contains("by prompted"));
    assertThat(rest.done()).isTrue();
  }

  private HttpResponse<Stream<String>> stream(String prompt) {
    var body = (ObjectNode) BrokeClient.parse(BrokeClient.chat(MODEL, prompt, true, TOKENS));
    return cluster.edge().stream("/v1/chat/completions", body.toString());
  }
}
