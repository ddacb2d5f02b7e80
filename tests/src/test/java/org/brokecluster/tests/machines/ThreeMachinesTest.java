package org.brokecluster.tests.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.brokecluster.tests.bench.TokenPlan;
import org.brokecluster.tests.bench.Upstream;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.BrokeProcess;
import org.brokecluster.tests.harness.MachineLab;
import org.brokecluster.tests.harness.Sse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three machines with addresses of their own: {@code studio} founds and simulates, {@code mini} has
 * a model server that is attached, {@code air} joins with an edge for its user. Cables are pulled,
 * processes killed.
 */
class ThreeMachinesTest {
  private static final String KEY = "a-key-for-tests";
  private static final String CHAT = "/v1/chat/completions";
  private static final int MODEL_PORT = 9_001;

  private static final Map<String, BrokeProcess> running = new LinkedHashMap<>();
  private static MachineLab lab;
  private static Path dir;

  @BeforeAll
  static void start(@TempDir Path folder) {
    var missing = MachineLab.missing();
    assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    dir = folder;
    lab = MachineLab.of("studio", "mini", "air");
    running.put(
        "model",
        BrokeProcess.startMain("model", dir, lab.on("mini"), Upstream.class, "" + MODEL_PORT));
    startHost("studio", "up", "--simulated", "mini-m1", "--time-scale", "50");
    startHost("mini", "node", "--runtime", "openai=http://127.0.0.1:" + MODEL_PORT + "/v1");
    startHost("air", "up", "--simulated", "mini-m1", "--time-scale", "50");
  }

  @AfterAll
  static void stop() {
    running.values().forEach(BrokeProcess::close);
    if (lab != null) {
      lab.close();
    }
  }

  private static void startHost(String machine, String verb, String... more) {
    var arguments = new ArrayList<>(List.of(verb, "--name", machine, "--insecure-lan"));
    arguments.addAll(List.of("--bind", lab.address(machine)));
    arguments.addAll(List.of("--data-dir", dir.resolve(machine + "-data").toString()));
    // A stream's headers name its node, however long a busy machine takes to find one.
    arguments.addAll(List.of("-D", "broke.requests.headers-after=1m"));
    if (!machine.equals("studio")) {
      arguments.addAll(List.of("--join", lab.address("studio")));
    }
    arguments.addAll(List.of(more));
    running.put(machine, BrokeProcess.start(machine, dir, lab.on(machine), keyed(), arguments));
  }

  private static Map<String, String> keyed() {
    return Map.of("BROKE_API_KEY", KEY);
  }

  @BeforeEach
  void awaitAll() {
    await(
        Duration.ofMinutes(2), "all up", () -> up().containsAll(List.of("studio", "mini", "air")));
  }

  @Test
  void anyAddressAnswersFromAnyMachine() {
    for (var edge : List.of("studio", "air", "mini")) {
      for (var node : List.of("mini", "studio")) {
        var body = BrokeClient.chat("auto", plan(20, 0), true, 20);
        var response = edge(edge).stream(CHAT, body, "x-broke-node", node);
        var sse = Sse.read(response.body());

        assertThat(response.headers().firstValue("x-broke-node")).hasValue(node);
        assertThat(sse.finishReasons()).hasSize(1);
        assertThat(sse.done()).isTrue();
      }
    }
  }

  @Test
  void loopbackWorksOnEveryMachineBesideItsAddress() {
    for (var machine : List.of("studio", "air", "mini")) {
      var output = lab.run(machine, keyed(), BrokeProcess.verb("nodes", "--json"));

      assertThat(output.text()).contains("\"mini\"").contains(lab.address("air") + ":25520");
      assertThat(output.exit()).isZero();
    }
  }

  @Test
  void nobodyGetsInWithoutTheKey() {
    var base = "http://" + lab.address("air") + ":8000";
    for (var key : List.of("", "another-key")) {
      var response = new BrokeClient(base, key).get("/v1/models");

      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.body()).contains("invalid_api_key");
    }
    assertThat(new BrokeClient(base).get("/health").statusCode()).isEqualTo(200);
    assertThat(lab.run("air", Map.of("BROKE_API_KEY", ""), BrokeProcess.verb("nodes")).text())
        .contains("wants an API key");
  }

  @Test
  void aPulledCableEndsStreamsClearlyAndHealsByItself() {
    var stream = slowStreamFromMini();
    lab.unplug("mini");
    try {
      var sse = Sse.read(stream.body());
      assertThat(sse.done()).isFalse();
      assertThat(sse.errors().toString()).contains("node_lost");
      await(Duration.ofMinutes(2), "mini is gone", () -> !up().contains("mini"));
      assertThat(answerOf("basic").statusCode()).isEqualTo(200);
      await(
          Duration.ofMinutes(2),
          "mini knows why it is alone",
          () -> readyOf("mini").contains(lab.address("studio") + " does not answer"));
    } finally {
      lab.plug("mini");
    }
    await(Duration.ofMinutes(2), "mini is back", () -> up().contains("mini"));
    assertThat(answerOf("mock").statusCode()).isEqualTo(200);
  }

  @Test
  void aKilledMachineIsReplacedAndTakenBack() {
    var stream = slowStreamFromMini();
    running.get("mini").killHard();

    assertThat(Sse.read(stream.body()).errors().toString()).contains("node_lost");
    assertThat(answerOf("basic").statusCode()).isEqualTo(200);

    startHost("mini", "node", "--runtime", "openai=http://127.0.0.1:" + MODEL_PORT + "/v1");
    await(Duration.ofMinutes(2), "mini is back", () -> answerOf("mock").statusCode() == 200);
  }

  @Test
  void aMachineThatIsAskedToStopLeavesAtOnce() {
    var air = running.get("air");
    air.terminate();

    assertThat(air.awaitExit(20)).isEqualTo(143);
    await(Duration.ofSeconds(5), "air has left", () -> !up().contains("air"));
    startHost("air", "up", "--simulated", "mini-m1", "--time-scale", "50");
  }

  private static HttpResponse<Stream<String>> slowStreamFromMini() {
    var body = BrokeClient.chat("mock", plan(2_000, 20_000), true, 2_000);
    var response = edge("air").stream(CHAT, body);
    assertThat(response.headers().firstValue("x-broke-node")).hasValue("mini");
    return response;
  }

  private static HttpResponse<String> answerOf(String model) {
    return edge("air").post(CHAT, BrokeClient.chat(model, plan(5, 0), false, 5));
  }

  private static String plan(int tokens, int pauseMicros) {
    return new TokenPlan(1, tokens, Duration.ofNanos(pauseMicros * 1_000L), 0).prompt();
  }

  private static String readyOf(String machine) {
    return lab.run(machine, keyed(), BrokeProcess.verb("status", "--json")).text();
  }

  private static BrokeClient edge(String machine) {
    return new BrokeClient("http://" + lab.address(machine) + ":8000", KEY);
  }

  private static List<String> up() {
    var names = new ArrayList<String>();
    for (var node : edge("studio").getJson("/api/nodes")) {
      if (node.path("state").asText().equals("up") && !node.path("models").isEmpty()) {
        names.add(node.path("name").asText());
      }
    }
    return names;
  }

  private static void await(Duration limit, String what, BooleanSupplier condition) {
    Machines.await(limit, what, condition, running.values());
  }
}
