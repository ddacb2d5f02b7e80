package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.Sse;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams whose node or runtime breaks in the middle reach their client whole all the same. */
class StreamRescueTest {
  private static final String FAULTS = "broke.node.simulated.allow-request-faults=true";

  /** Three seconds of an answer, so that it is under way when its node goes. */
  private static final int TOKENS = 600;

  @TempDir private static Path dir;
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(dir, 2).node("studio-m1", FAULTS).node("studio-m2", FAULTS);
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
  void aKilledNodeLosesNoCharacterOfAStream() {
    var expected = Sse.read(stream("A long story", body -> {}).body()).text();
    var response = stream("A long story", body -> {});
    var node = Sse.node(response);
    var lines = response.body().iterator();
    var before = Sse.readContent(lines, 30);

    cluster.process(node).killHard();

    var rest = Sse.read(lines);
    assertThat(before + rest.text()).isEqualTo(expected);
    assertWhole(rest);
    assertThat(rest.comments()).anyMatch(line -> line.contains("the answer goes on"));
    assertThat(usage(rest)).isEqualTo(TOKENS);
    awaitHistory(response.headers().firstValue("x-request-id").orElseThrow());
  }

  @Test
  void aPausedNodeLosesNoCharacterOfAStream() {
    var expected = Sse.read(stream("Another story", body -> {}).body()).text();
    var response = stream("Another story", body -> {});
    var process = cluster.process(Sse.node(response));
    var lines = response.body().iterator();
    var before = Sse.readContent(lines, 30);

    process.pause();
    var middle = Sse.readContent(lines, 60);
    process.resume(); // what it still has to say comes too late, and must not be heard
    var rest = Sse.read(lines);

    assertThat(before + middle + rest.text()).isEqualTo(expected);
    assertWhole(rest);
  }

  @Test
  void aStreamThatIsCutTwiceGoesOnThoughATargetRefusesToContinue() {
    var expected = Sse.read(stream("A third story", body -> {}).body()).text();

    var whole =
        Sse.read(
            stream(
                    "A third story",
                    body ->
                        body.putArray("broke_fault")
                            .add("cut-after:40")
                            .add("refuse-prefill")
                            .add("cut-after:60"))
                .body());

    assertThat(whole.errors()).isEmpty();
    assertThat(whole.text()).isEqualTo(expected);
    assertWhole(whole);
    assertThat(whole.comments())
        .anyMatch(line -> line.contains("by prefill"))
        .anyMatch(line -> line.contains("by replay"));
  }

  @Test
  void aToolCallThatBreaksEndsInAnErrorAndNeverLooksComplete() {
    var sse =
        Sse.read(
            stream(
                    "Call the weather tool for Berlin",
                    body -> {
                      body.put("broke_fault", "cut-after:2");
                      var function = body.putArray("tools").addObject().put("type", "function");
                      var weather = function.putObject("function").put("name", "weather");
                      weather
                          .putObject("parameters")
                          .put("type", "object")
                          .putObject("properties")
                          .putObject("city")
                          .put("type", "string");
                    })
                .body());

    assertThat(sse.done()).isFalse();
    assertThat(sse.finishReasons()).isEmpty();
    assertThat(sse.errors())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.at("/error/message").asText()).contains("a tool call had begun"));
  }

  private java.net.http.HttpResponse<Stream<String>> stream(
      String prompt, Consumer<ObjectNode> change) {
    var body = (ObjectNode) BrokeClient.parse(BrokeClient.chat("basic", prompt, true, TOKENS));
    body.put("ignore_eos", true);
    change.accept(body);
    return cluster.edge().stream("/v1/chat/completions", body.toString());
  }

  private static void assertWhole(Sse sse) {
    assertThat(sse.errors()).isEmpty();
    assertThat(sse.finishReasons()).containsExactly("length");
    assertThat(sse.done()).isTrue();
    Set<String> ids =
        sse.events().stream().map(event -> event.path("id").asText()).collect(Collectors.toSet());
    assertThat(ids).hasSize(1);
  }

  private static int usage(Sse sse) {
    return sse.events().get(sse.events().size() - 1).at("/usage/completion_tokens").asInt();
  }

  /** The history tells how the answer came to be whole. */
  private void awaitHistory(String request) {
    cluster.await(
        Duration.ofSeconds(60),
        "the history knows of the rescue",
        () ->
            cluster
                .edge()
                .get("/api/requests/" + request)
                .body()
                .contains("\"resumed\":\"PREFILL\""));
  }
}
