package org.brokecluster.tests.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.brokecluster.tests.harness.Await;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.BrokeProcess;
import org.brokecluster.tests.harness.MachineLab;
import org.brokecluster.tests.harness.Sse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three coordinators on three machines: cut apart, and killed all at once. */
class ThreeCoordinatorsTest {
  private static final String KEY = "a-key-for-tests";
  private static final List<String> NAMES = List.of("a", "b", "c");

  @TempDir private Path dir;
  private final Map<String, BrokeProcess> running = new LinkedHashMap<>();
  private MachineLab lab;

  @BeforeEach
  void start() {
    var missing = MachineLab.missing();
    assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    lab = MachineLab.of("a", "b", "c");
    NAMES.forEach(this::startHost);
    await(
        Duration.ofSeconds(60),
        "three see each other",
        () -> NAMES.stream().allMatch(this::seesAll));
  }

  @AfterEach
  void stop() {
    running.values().forEach(BrokeProcess::close);
    if (lab != null) {
      lab.close();
    }
  }

  private void startHost(String name) {
    var arguments = new ArrayList<>(List.of("up", "--name", name, "--insecure-lan"));
    arguments.addAll(List.of("--bind", lab.address(name)));
    arguments.addAll(List.of("--data-dir", dir.resolve(name + "-data").toString()));
    arguments.addAll(List.of("-D", "broke.cluster.coordinators=[a, b, c]"));
    arguments.addAll(List.of("--simulated", "mini-m1"));
    // The founder is told nobody: it finds the others by what it remembers.
    NAMES.stream()
        .filter(other -> !other.equals(name) && !name.equals("a"))
        .forEach(other -> arguments.addAll(List.of("--join", lab.address(other))));
    running.put(
        name, BrokeProcess.start(name, dir, lab.on(name), Map.of("BROKE_API_KEY", KEY), arguments));
  }

  @Test
  void aFounderThatIsCutOffFoundsNoSecondClusterAndComesBack() {
    long term = status("b").path("term").asLong();

    lab.unplug("a");

    await(Duration.ofSeconds(40), "b and c go on", () -> termOf("b") > term && termOf("c") > term);
    await(
        Duration.ofSeconds(30),
        "a knows that it is alone",
        () -> inside("a").contains("of three coordinators two are needed"));
    Await.pause(Duration.ofSeconds(12));
    assertThat(inside("a")).contains("\"ready\" : false").contains("two are needed");

    lab.plug("a");
    await(
        Duration.ofSeconds(30), "one cluster again", () -> NAMES.stream().allMatch(this::seesAll));
    assertThat(termOf("a")).isEqualTo(termOf("b")).isGreaterThan(term);
  }

  @Test
  void noTermIsTakenTwiceWhenAllAreKilledAndTheOneThatKnowsLeastStartsFirst() {
    long first = termOf("b");
    lab.unplug("a");
    await(Duration.ofSeconds(40), "b and c go on", () -> termOf("b") > first);
    long highest = termOf("b");
    running.values().forEach(BrokeProcess::killHard);
    lab.plug("a");

    // The others refuse, so they surely do not run: a may go on alone, but cannot ask their disks.
    startHost("a");
    await(Duration.ofSeconds(30), "a routes alone", () -> termOf("a") > 0);
    long alone = termOf("a");
    startHost("b");
    startHost("c");
    await(Duration.ofSeconds(60), "three again", () -> NAMES.stream().allMatch(this::seesAll));
    running.get("a").killHard();
    await(Duration.ofSeconds(40), "b or c routes", () -> termOf("b") > alone);

    assertThat(alone).isGreaterThan(highest);
    assertThat(termOf("b")).isEqualTo(alone + 1);
  }

  /**
   * The old router wakes on its own machine, where clients still ask it, and is not obeyed: every
   * answer is made once, and by order of the new one.
   */
  @Test
  void aRouterThatStoodStillIsNotObeyedWhenItWakes() {
    long term = status("b").path("term").asLong();
    double before = completed();
    running.get("a").pause();
    await(Duration.ofSeconds(40), "b and c go on", () -> termOf("b") > term && termOf("c") > term);
    long higher = termOf("b");

    running.get("a").resume();
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int i = 0; i < 12; i++) {
      var edge = edge(NAMES.get(i % 3));
      answers.add(
          edge.postAsync(
              "/v1/chat/completions", BrokeClient.chat("basic", "Question " + i, false, 8)));
    }

    for (var answer : answers) {
      assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(200);
    }
    await(
        Duration.ofSeconds(30), "one cluster again", () -> NAMES.stream().allMatch(this::seesAll));
    assertThat(NAMES).allSatisfy(name -> assertThat(termOf(name)).isEqualTo(higher));
    assertThat(completed() - before).as("answers made").isEqualTo(12);
  }

  @Test
  void losingTheRouterCostsNoStreamAndAWaitingRequestItsPatience() {
    var story = BrokeClient.longChat("basic", "A long story", true, 600);
    var stream = edge("b").stream("/v1/chat/completions", story, "x-broke-node", "c");
    assertThat(stream.headers().firstValue("x-broke-node")).hasValue("c");

    running.get("a").killHard();
    long killed = System.nanoTime();
    var waiting =
        edge("b")
            .postAsync("/v1/chat/completions", BrokeClient.chat("basic", "Hi", false, 5))
            .thenApply(answer -> Map.entry(answer, System.nanoTime() - killed));

    var sse = Sse.read(stream.body());
    assertThat(sse.errors()).isEmpty();
    assertThat(sse.done()).isTrue();
    assertThat(waiting.join().getKey().statusCode()).isEqualTo(200);
    assertThat(Duration.ofNanos(waiting.join().getValue())).isLessThan(Duration.ofSeconds(60));
  }

  /** Answers made by all nodes since they started. */
  private double completed() {
    double all = 0;
    for (var name : NAMES) {
      all +=
          edge(name)
              .get("/metrics")
              .body()
              .lines()
              .filter(line -> line.startsWith("broke_node_attempts_total{outcome=\"completed\""))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
              .sum();
    }
    return all;
  }

  private long termOf(String name) {
    return status(name).path("term").asLong();
  }

  private boolean seesAll(String name) {
    var client = edge(name);
    int up = 0;
    for (var node : client.getJson("/api/nodes")) {
      up += node.path("state").asText().equals("up") ? 1 : 0;
    }
    return up == 3 && client.get("/ready").statusCode() == 200;
  }

  /** What a machine says of itself to programs on it, also while its cable is out. */
  private String inside(String name) {
    return lab.run(name, Map.of("BROKE_API_KEY", KEY), BrokeProcess.verb("status", "--json"))
        .text();
  }

  private JsonNode status(String name) {
    return edge(name).getJson("/api/cluster/status");
  }

  private BrokeClient edge(String name) {
    return new BrokeClient("http://" + lab.address(name) + ":8000", KEY);
  }

  private void await(Duration limit, String what, BooleanSupplier condition) {
    Machines.await(limit, what, condition, running.values());
  }
}
