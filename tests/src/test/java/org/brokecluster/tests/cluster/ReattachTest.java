package org.brokecluster.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.Sse;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that lose their connection and come back to their answer, at any edge. */
class ReattachTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final int TOKENS = 160;

  private static TestCluster cluster;

  @BeforeAll
  static void start(@TempDir Path dir) {
    cluster = TestCluster.start(dir, 2).node("studio-m1").node("studio-m2").awaitNodes(2);
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
  void aStreamGoesOnAtAnotherEdgeWithoutALostCharacter() {
    var expected = Sse.read(begin("coordinator", "A story").body().lines()).text();
    var first = streaming("coordinator", "A story", "x-broke-keep", "30");
    var id = first.headers().firstValue("x-request-id").orElseThrow();
    var lines = first.body().iterator();
    var before = readEvents(lines, 40);
    first.body().close(); // the connection is gone

    var other = read("studio-m1", id, 40);
    assertThat(other.headers().firstValue("x-request-id")).hasValue(id);
    assertThat(other.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    var rest = Sse.read(other.body().lines());
    assertThat(before + rest.text()).isEqualTo(expected);
    assertThat(rest.finishReasons()).containsExactly("length");
    assertThat(rest.done()).isTrue();
    var ids = ids(other.body());
    assertThat(ids)
        .isEqualTo(IntStream.range(41, 41 + ids.size()).mapToObj(Integer::toString).toList());

    // It has ended, and is kept all the same: at its own edge, from the beginning.
    var again = Sse.read(read("coordinator", id, 0).body().lines());
    assertThat(again.text()).isEqualTo(expected);
    assertThat(again.done()).isTrue();
    assertThat(metric("broke_kept_answers")).isGreaterThanOrEqualTo(1);
    assertThat(metric("broke_kept_bytes")).isGreaterThan(TOKENS * 100.0);
  }

  @Test
  void anAnswerInOnePieceWaitsForWhoComesBack() {
    var expected = BrokeClient.parse(begin("studio-m1", "A whole story", false).body());
    var body = BrokeClient.longChat("basic", "A whole story", false, TOKENS);
    var lost = cluster.edge("studio-m1").postAsync(CHAT, body, "x-broke-keep", "30");
    var id = awaitRunning(expected);
    lost.cancel(true);

    var found = read("studio-m2", id, 0);

    assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
    var answer = BrokeClient.parse(found.body());
    assertThat(answer.at("/choices/0/message/content"))
        .isEqualTo(expected.at("/choices/0/message/content"));
    assertThat(found.headers().firstValue("x-broke-node")).isPresent();
  }

  /** Ids are counted up, so that the next one of an edge is known. */
  private static String awaitRunning(com.fasterxml.jackson.databind.JsonNode before) {
    var id = before.path("id").asText().substring("chatcmpl-".length());
    int dash = id.lastIndexOf('-');
    long number = Long.parseLong(id.substring(dash + 1), 36);
    var next = id.substring(0, dash + 1) + Long.toString(number + 1, 36);
    cluster.await(
        Duration.ofSeconds(60),
        "the request is under way",
        () -> cluster.edge("studio-m2").get("/api/requests/" + next).statusCode() == 200);
    return next;
  }

  @Test
  void whoAsksForNothingGetsNoIdsAndNothingIsKept() {
    var plain = begin("coordinator", "Short");
    assertThat(ids(plain.body())).isEmpty();
    var id = plain.headers().firstValue("x-request-id").orElseThrow();

    for (var edge : List.of("coordinator", "studio-m1")) {
      var gone = read(edge, id, 0);
      assertThat(gone.statusCode()).isEqualTo(410);
      assertThat(gone.body()).contains("answer_gone");
    }
  }

  @Test
  void nobodyElseGetsItAndWhatNeverWasIsNotFound() {
    var hers = streaming("coordinator", "Hers", "x-broke-keep", "30", "x-broke-user", "ann");
    var id = hers.headers().firstValue("x-request-id").orElseThrow();
    hers.body().close();

    assertThat(read("studio-m1", id, 0).statusCode()).isEqualTo(404);
    assertThat(read("studio-m1", id, 0, "x-broke-user", "bob").statusCode()).isEqualTo(404);
    assertThat(read("studio-m1", id, 0, "x-broke-user", "ann").statusCode()).isEqualTo(200);
    assertThat(read("studio-m1", "nobody-1", 0).statusCode()).isEqualTo(404);
    assertThat(read("coordinator", id + "zzzz", 0).statusCode()).isEqualTo(404);
  }

  @Test
  void anAnswerIsGoneWithTheEdgeThatKeptIt() {
    var first = streaming("studio-m2", "Lost with its edge", "x-broke-keep", "60");
    var id = first.headers().firstValue("x-request-id").orElseThrow();
    readEvents(first.body().iterator(), 10);
    assertThat(readEvents(read("studio-m1", id, 0).body().lines().iterator(), 10)).isNotEmpty();

    cluster.process("studio-m2").killHard();

    cluster.await(
        Duration.ofSeconds(60),
        "the answer is gone",
        () -> {
          var gone = read("studio-m1", id, 10);
          return gone.statusCode() == 410 && gone.body().contains("edge_lost");
        });
    cluster.restart("studio-m2");
    cluster.awaitNodes(2);
    cluster.await(
        Duration.ofSeconds(60),
        "an edge that never knew the other one asks the history",
        () -> read("studio-m2", id, 10).statusCode() == 410);
  }

  private static HttpResponse<String> begin(String edge, String prompt) {
    return begin(edge, prompt, true);
  }

  private static HttpResponse<String> begin(String edge, String prompt, boolean stream) {
    var body = BrokeClient.longChat("basic", prompt, stream, TOKENS);
    return cluster.edge(edge).post(CHAT, body);
  }

  private static HttpResponse<java.util.stream.Stream<String>> streaming(
      String edge, String prompt, String... headers) {
    var body = BrokeClient.longChat("basic", prompt, true, TOKENS);
    return cluster.edge(edge).stream(CHAT, body, headers);
  }

  private static HttpResponse<String> read(String edge, String id, int after, String... more) {
    var headers = java.util.Arrays.copyOf(more, more.length + 2);
    headers[more.length] = "Last-Event-ID";
    headers[more.length + 1] = Integer.toString(after);
    return cluster.edge(edge).get("/api/requests/" + id + "/stream", headers);
  }

  /** Reads up to the event with this number and gives the content so far. */
  private static String readEvents(Iterator<String> lines, int last) {
    var text = new StringBuilder();
    boolean found = false;
    while (lines.hasNext()) {
      var line = lines.next();
      if (line.startsWith("data: {")) {
        text.append(BrokeClient.parse(line.substring(6)).at("/choices/0/delta/content").asText(""));
        if (found) {
          return text.toString();
        }
      }
      found |= line.equals("id: " + last);
    }
    throw new AssertionError("the stream ended before event " + last);
  }

  private static List<String> ids(String body) {
    return body.lines().filter(line -> line.startsWith("id: ")).map(l -> l.substring(4)).toList();
  }

  private static double metric(String name) {
    return cluster
        .edge()
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }
}
