package org.brokecluster.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.brokecluster.tests.harness.Await;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.BrokeProcess;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a newcomer has it: real processes, and none of them left afterwards. */
class DemoProcessesTest {
  private static final String READY = "Ctrl-C ends all of it.";
  private static final String KEY = "a-key-of-the-demo";

  @TempDir private Path folder;

  @Test
  void showsAClusterAndLeavesNothingBehindAfterSigterm() {
    int port = TestCluster.freePort();
    try (var demo = demo(port, "-D", "broke.http.api-keys=[" + KEY + "]")) {
      await(demo, Duration.ofMinutes(6), () -> demo.log().contains(READY));
      var children = children(demo);
      var nodes = new BrokeClient("http://127.0.0.1:" + port, KEY).getJson("/api/nodes");
      var second = demo(port);

      assertThat(children).hasSize(4);
      assertThat(nodes.findValuesAsText("name"))
          .contains("coordinator", "studio-m2", "studio-m1", "mini-m1");
      assertThat(demo.log())
          .contains("http://127.0.0.1:" + port + "/v1/chat/completions", "export BROKE_API_KEY=")
          .doesNotContain(KEY);
      assertThat(second.awaitExit(120)).isEqualTo(1);
      assertThat(second.log()).contains("port " + port + " is taken");

      demo.terminate();
      demo.awaitExit(30);
      assertThat(children).noneMatch(ProcessHandle::isAlive);
    }
  }

  @Test
  void leavesNothingBehindWhenItIsKilled() {
    try (var demo = demo(TestCluster.freePort())) {
      await(demo, Duration.ofMinutes(3), () -> children(demo).size() == 4);
      var children = children(demo);

      demo.killHard();

      await(demo, Duration.ofMinutes(2), () -> children.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  private BrokeProcess demo(int port, String... more) {
    var arguments = new ArrayList<String>();
    arguments.addAll(List.of("demo", "--port", String.valueOf(port), "--time-scale", "50"));
    arguments.addAll(List.of("--data-dir", folder.resolve("data").toString()));
    arguments.addAll(List.of(more));
    return BrokeProcess.start("demo-" + System.nanoTime(), folder, arguments);
  }

  private static List<ProcessHandle> children(BrokeProcess demo) {
    return ProcessHandle.of(demo.pid()).stream().flatMap(ProcessHandle::children).toList();
  }

  private static void await(BrokeProcess demo, Duration limit, BooleanSupplier condition) {
    long started = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - started > limit.toNanos()) {
        throw new AssertionError("waited in vain; log:\n" + demo.log());
      }
      Await.pause(Duration.ofMillis(100));
    }
  }
}
