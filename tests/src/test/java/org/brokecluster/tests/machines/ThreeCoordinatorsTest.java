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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three coordinators on three machines: cut apart, and killed all at once. One cluster for all
 * tests, in an order in which the founder routes first; each leaves it as it may be left, and the
 * next begins when all are together again.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ThreeCoordinatorsTest {
  private static final String KEY = "a-key-for-tests";
  private static final String FOUNDER = "a";
  private static final List<String> NAMES = List.of(FOUNDER, "b", "c");

  private static final Map<String, BrokeProcess> running = new LinkedHashMap<>();
  private static MachineLab lab;
  private static Path dir;

  @BeforeAll
  static void start(@TempDir Path folder) {
    var missing = MachineLab.missing();
    assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    dir = folder;
    lab = MachineLab.of("a", "b", "c");
  }

  @AfterAll
  static void stop() {
    running.values().forEach(BrokeProcess::close);
    if (lab != null) {
      lab.close();
    }
  }

  @BeforeEach
  void awaitAll() {
    for (var name : NAMES) {
      if (!running.containsKey(name) || !running.get(name).isAlive()) {
        startHost(name);
      }
    }
    awaitOneCluster();
  }

  private static void startHost(String name) {
    var arguments = new ArrayList<>(List.of("up", "--name", name, "--insecure-lan"));
    arguments.addAll(List.of("--bind", lab.address(name)));
    arguments.addAll(List.of("--data-dir", dir.resolve(name + "-data").toString()));
    arguments.addAll(List.of("-D", "broke.cluster.coordinators=[a, b, c]"));
    // Answers are counted: one on a busy machine is not to be taken for lost, and made again.
    arguments.addAll(List.of("-D", "broke.beats.suspect=5s"));
    arguments.addAll(List.of("--simulated", "mini-m1"));
    // The founder is told nobody: it finds the others by what it remembers.
    NAMES.stream()
        .filter(other -> !other.equals(name) && !name.equals(FOUNDER))
        .forEach(other -> arguments.addAll(List.of("--join", lab.address(other))));
    running.put(
        name, BrokeProcess.start(name, dir, lab.on(name), Map.of("BROKE_API_KEY", KEY), arguments));
  }

  @Test
  @Order(1)
  void noTermIsTakenTwiceWhenAllAreKilledAndTheOneThatKnowsLeastStartsFirst() {
    assertThat(router()).isEqualTo(FOUNDER);
    long first = termOf("b");
    lab.unplug(FOUNDER);
    await(Duration.ofMinutes(2), "b and c go on", () -> termOf("b") > first);
    long highest = termOf("b");
    running.values().forEach(BrokeProcess::killHard);
    lab.plug(FOUNDER);

    // The others refuse, so they surely do not run: a may go on alone, but cannot ask their disks.
    startHost(FOUNDER);
    await(Duration.ofMinutes(2), "a routes alone", () -> termOf(FOUNDER) > 0);
    long alone = termOf(FOUNDER);
    startHost("b");
    startHost("c");
    awaitOneCluster();
    running.get(FOUNDER).killHard();
    await(Duration.ofMinutes(2), "b or c routes", () -> termOf("b") > alone);

    assertThat(alone).isGreaterThan(highest);
    assertThat(termOf("b")).isEqualTo(alone + 1);
  }

  @Test
  @Order(2)
  void aFounderThatIsCutOffFoundsNoSecondClusterAndComesBack() {
    long term = termOf("b");

    lab.unplug(FOUNDER);

    await(
        Duration.ofMinutes(2),
        "a knows that it is alone",
        () -> inside(FOUNDER).contains("of three coordinators two are needed"));
    Await.pause(Duration.ofSeconds(12));
    assertThat(inside(FOUNDER)).contains("\"ready\" : false").contains("two are needed");
    assertThat(status("b").path("ready").asBoolean()).as("b and c go on").isTrue();

    lab.plug(FOUNDER);
    awaitOneCluster();
    assertThat(termOf(FOUNDER)).isEqualTo(termOf("b")).isEqualTo(term);
  }

  /**
   * The old router wakes on its own machine, where clients still ask it, and is not obeyed: every
   * answer is made once, and by order of the new one.
   */
  @Test
  @Order(3)
  void aRouterThatStoodStillIsNotObeyedWhenItWakes() {
    var router = router();
    long term = termOf(router);
    double before = completed();
    running.get(router).pause();
    await(
        Duration.ofMinutes(2),
        "the others go on",
        () -> others(router).stream().allMatch(name -> termOf(name) > term));
    long higher = termOf(others(router).get(0));

    running.get(router).resume();
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
    awaitOneCluster();
    assertThat(NAMES).allSatisfy(name -> assertThat(termOf(name)).isEqualTo(higher));
    assertThat(completed() - before).as("answers made").isEqualTo(12);
  }

  @Test
  @Order(4)
  void losingTheRouterCostsNoStreamAndAWaitingRequestItsPatience() {
    var router = router();
    var edge = edge(others(router).get(0));
    var node = others(router).get(1);
    var story = BrokeClient.longChat("basic", "A long story", true, 600);
    var stream = edge.stream("/v1/chat/completions", story, "x-broke-node", node);
    assertThat(stream.headers().firstValue("x-broke-node")).hasValue(node);

    running.get(router).killHard();
    long killed = System.nanoTime();
    var waiting =
        edge.postAsync("/v1/chat/completions", BrokeClient.chat("basic", "Hi", false, 5))
            .thenApply(answer -> Map.entry(answer, System.nanoTime() - killed));

    var sse = Sse.read(stream.body());
    assertThat(sse.errors()).isEmpty();
    assertThat(sse.done()).isTrue();
    assertThat(waiting.join().getKey().statusCode()).isEqualTo(200);
    assertThat(Duration.ofNanos(waiting.join().getValue())).isLessThan(Duration.ofSeconds(60));
  }

  private static String router() {
    return status("b").path("coordinator").asText();
  }

  private static List<String> others(String name) {
    return NAMES.stream().filter(other -> !other.equals(name)).toList();
  }

  private static void awaitOneCluster() {
    await(
        Duration.ofMinutes(2),
        "three see each other",
        () ->
            NAMES.stream().allMatch(ThreeCoordinatorsTest::seesAll)
                && NAMES.stream().map(ThreeCoordinatorsTest::termOf).distinct().count() == 1);
  }

  /** Answers made by all nodes since they started. */
  private static double completed() {
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

  private static long termOf(String name) {
    return status(name).path("term").asLong();
  }

  private static boolean seesAll(String name) {
    var client = edge(name);
    int up = 0;
    for (var node : client.getJson("/api/nodes")) {
      up += node.path("state").asText().equals("up") ? 1 : 0;
    }
    return up == 3 && client.get("/ready").statusCode() == 200;
  }

  /** What a machine says of itself to programs on it, also while its cable is out. */
  private static String inside(String name) {
    return lab.run(name, Map.of("BROKE_API_KEY", KEY), BrokeProcess.verb("status", "--json"))
        .text();
  }

  private static JsonNode status(String name) {
    return edge(name).getJson("/api/cluster/status");
  }

  private static BrokeClient edge(String name) {
    return new BrokeClient("http://" + lab.address(name) + ":8000", KEY);
  }

  private static void await(Duration limit, String what, BooleanSupplier condition) {
    Machines.await(limit, what, condition, running.values());
  }
}
