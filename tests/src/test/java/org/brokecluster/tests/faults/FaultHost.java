package org.brokecluster.tests.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.tests.harness.Await;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.BrokeProcess;
import org.brokecluster.tests.harness.TestCluster;

/** One real host, edge, router and node in a JVM of its own, with servers of models attached. */
final class FaultHost implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofMinutes(5);

  private final BrokeProcess process;
  private final BrokeClient edge;

  private FaultHost(BrokeProcess process, BrokeClient edge) {
    this.process = process;
    this.edge = edge;
  }

  /** Starts it and waits until so many models can answer. */
  static FaultHost start(Path dir, FaultServer server, List<String> settings, int models) {
    int port = TestCluster.freePort();
    var arguments = new ArrayList<>(List.of("up", "--name", "host"));
    arguments.addAll(List.of("--port", Integer.toString(port), "--cluster-port", "0"));
    arguments.addAll(List.of("--data-dir", dir.resolve("data").toString()));
    arguments.addAll(List.of("--runtime", "openai=" + server.url() + ",slots=8"));
    settings.forEach(setting -> arguments.addAll(List.of("-D", setting)));
    var process = BrokeProcess.start("host", dir, arguments);
    var host = new FaultHost(process, new BrokeClient("http://127.0.0.1:" + port));
    try {
      host.await(models);
      return host;
    } catch (AssertionError | RuntimeException e) {
      host.close();
      throw e;
    }
  }

  private void await(int models) {
    long deadline = System.nanoTime() + START_MAX.toNanos();
    while (!serves(models)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("the host does not come up:\n" + process.log());
      }
      Await.pause(Duration.ofMillis(100));
    }
  }

  private boolean serves(int models) {
    try {
      long known = edge.getJson("/v1/models").path("data").size();
      return edge.get("/ready").statusCode() == 200 && known >= models;
    } catch (AssertionError notListening) {
      return false;
    }
  }

  BrokeClient edge() {
    return edge;
  }

  /** What it printed. */
  String log() {
    return process.log();
  }

  @Override
  public void close() {
    process.close();
  }
}
