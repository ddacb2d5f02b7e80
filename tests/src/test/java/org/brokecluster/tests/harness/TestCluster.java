package org.brokecluster.tests.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A cluster of real JVM processes on 127.0.0.1: one coordinator and simulated nodes. */
public final class TestCluster implements AutoCloseable {
  private static final String COORDINATOR = "coordinator";

  /** Test JVMs side by side have ports of their own: of three forks of a build each has a third. */
  private static final int FORK = Integer.getInteger("tests.fork", 1) % 3;

  private static final int PORTS = 6_000;
  private static final int FIRST_PORT = 12_000 + FORK * PORTS;
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 997 % PORTS));
  private static final Set<TestCluster> OPEN = ConcurrentHashMap.newKeySet();

  private final Path dir;
  private final Map<String, BrokeProcess> processes = new LinkedHashMap<>();
  private final Map<String, List<String>> commands = new LinkedHashMap<>();
  private final Map<String, BrokeClient> clients = new LinkedHashMap<>();
  private final double timeScale;
  private final int coordinatorPort = freePort();

  private TestCluster(Path dir, double timeScale) {
    this.dir = dir;
    this.timeScale = timeScale;
    OPEN.add(this);
  }

  /** The clusters of this JVM that are not closed. */
  static Set<TestCluster> open() {
    return Set.copyOf(OPEN);
  }

  /** Starts a coordinator; nodes come with {@link #node}. */
  public static TestCluster start(Path dir, double timeScale, String... config) {
    var cluster = new TestCluster(dir, timeScale);
    cluster.host(
        COORDINATOR,
        List.of("coordinator", "--cluster-port", Integer.toString(cluster.coordinatorPort)),
        config);
    return cluster;
  }

  /** Adds a node that pretends to be one of the demo's Macs. */
  public TestCluster node(String preset, String... config) {
    host(
        preset,
        List.of(
            "node",
            "--join",
            "127.0.0.1:" + coordinatorPort,
            "--cluster-port",
            "0",
            "--simulated",
            preset,
            "--time-scale",
            Double.toString(timeScale)),
        config);
    return this;
  }

  /** Adds a node with a model server that runs already, such as {@code llama=URL}. */
  public TestCluster attached(String name, String runtime, String... config) {
    host(
        name,
        List.of(
            "node",
            "--join",
            "127.0.0.1:" + coordinatorPort,
            "--cluster-port",
            "0",
            "--runtime",
            runtime),
        config);
    return this;
  }

  private void host(String name, List<String> verb, String... config) {
    int port = freePort();
    var command = new ArrayList<>(verb);
    command.addAll(List.of("--name", name, "--port", Integer.toString(port)));
    command.addAll(List.of("--data-dir", dir.resolve(name).toString()));
    for (var setting : config) {
      command.addAll(List.of("-D", setting));
    }
    commands.put(name, command);
    clients.put(name, new BrokeClient("http://127.0.0.1:" + port));
    restart(name);
  }

  /** Starts a process again with the command it was started with. */
  public void restart(String name) {
    processes.put(name, BrokeProcess.start(name, dir, commands.get(name)));
  }

  /** A process by its name. */
  public BrokeProcess process(String name) {
    return processes.get(name);
  }

  /** The edge of a process. */
  public BrokeClient edge(String name) {
    return clients.get(name);
  }

  /** The coordinator's edge. */
  public BrokeClient edge() {
    return edge(COORDINATOR);
  }

  /**
   * For tests that share a cluster: starts again whatever has ended, and waits until every node
   * answers a prompt and is at rest.
   */
  public TestCluster mend() {
    for (var name : List.copyOf(processes.keySet())) {
      if (!processes.get(name).isAlive()) {
        restart(name);
      }
    }
    var nodes = processes.keySet().stream().filter(name -> !name.equals(COORDINATOR)).toList();
    awaitNodes(nodes.size());
    for (var node : nodes) {
      await(Duration.ofSeconds(60), node + " answers", () -> answers(node));
    }
    await(Duration.ofSeconds(60), "nothing runs", this::rests);
    return this;
  }

  private boolean answers(String node) {
    var body = BrokeClient.chat("auto", "Hi", false, 3);
    var answer = edge().post("/v1/chat/completions", body, "x-broke-node", node);
    return answer.statusCode() == 200;
  }

  private boolean rests() {
    return edge().getJson("/api/nodes").findValues("running").stream()
        .allMatch(running -> running.asInt() == 0);
  }

  /** Waits until the coordinator sees this many nodes up and a model can answer. */
  public TestCluster awaitNodes(int count) {
    await(
        Duration.ofMinutes(5),
        count + " nodes up",
        () -> {
          if (!process(COORDINATOR).isAlive()) {
            throw new AssertionError("the coordinator has ended\n" + logs());
          }
          var nodes = edge().getJson("/api/nodes");
          int up = 0;
          for (var node : nodes) {
            if (node.path("state").asText().equals("up") && !node.path("models").isEmpty()) {
              up++;
            }
          }
          return up == count && edge().get("/ready").statusCode() == 200;
        });
    return this;
  }

  /** Waits for a condition and fails with every log if it does not come true in time. */
  public void await(Duration limit, String what, BooleanSupplier condition) {
    Await.until(limit, what, condition, this::logs);
  }

  /** Logs of all processes, shortened to their ends. */
  public String logs() {
    var all = new StringBuilder();
    processes.forEach(
        (name, process) -> {
          var log = process.log();
          all.append("=== ").append(name).append(process.isAlive() ? "" : " (dead)").append('\n');
          all.append(log.substring(Math.max(0, log.length() - 6_000))).append('\n');
        });
    return all.toString();
  }

  /**
   * A port nobody listens on just now, and that is given out once: not one of those that the system
   * gives to connections (from 32768 on), and in every fork of a build others. Else a test could
   * talk to another test's cluster, which came first, until that one is closed.
   */
  public static int freePort() {
    int port = nextPort();
    while (!isFree(port)) {
      port = nextPort();
    }
    return port;
  }

  private static int nextPort() {
    return FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    OPEN.remove(this);
    processes.values().forEach(BrokeProcess::close);
  }
}
