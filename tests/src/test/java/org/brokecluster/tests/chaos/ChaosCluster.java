package org.brokecluster.tests.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.brokecluster.tests.harness.Await;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.TestCluster;

/**
 * Real JVMs on this machine that may be killed, stopped and cut off: three coordinators that are
 * nodes as well, a further node, and an edge without models to which nothing ever happens, so that
 * a client always has somebody to ask. Every host stands behind a {@link PortProxy} of its own.
 */
final class ChaosCluster implements AutoCloseable {
  /** The three coordinators. */
  static final List<String> COORDINATORS = List.of("a", "b", "c");

  /** The edge to which nothing happens. */
  static final String EDGE = "edge";

  private static final Duration START_MAX = Duration.ofMinutes(5);

  private final Path dir;
  private final Network network;
  private final Map<String, Integer> clusterPorts = new LinkedHashMap<>();
  private final Map<String, ChaosHost> hosts = new LinkedHashMap<>();
  private final List<String> nodes;

  private ChaosCluster(Path dir, List<String> nodes) {
    this.dir = dir;
    this.nodes = List.copyOf(nodes);
    var all = Stream.concat(nodes.stream(), Stream.of(EDGE)).toList();
    this.network = new Network(all);
    all.forEach(name -> clusterPorts.put(name, TestCluster.freePort()));
  }

  /**
   * Starts it and waits until every node serves.
   *
   * @param further nodes that are no coordinators
   * @param timeScale how many times faster than real the simulated models are
   */
  static ChaosCluster start(Path dir, List<String> further, double timeScale, String... settings) {
    var cluster =
        new ChaosCluster(dir, Stream.concat(COORDINATORS.stream(), further.stream()).toList());
    try {
      cluster.startAll(timeScale, List.of(settings));
      cluster.await(START_MAX, "every node serves", cluster::allServe);
      return cluster;
    } catch (AssertionError | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void startAll(double timeScale, List<String> settings) {
    for (var name : clusterPorts.keySet()) {
      int port = TestCluster.freePort();
      int bound = TestCluster.freePort();
      boolean coordinator = COORDINATORS.contains(name);
      var command = new ArrayList<>(List.of(coordinator ? "up" : "node", "--name", name));
      command.addAll(List.of("--port", Integer.toString(port)));
      command.addAll(List.of("--cluster-port", Integer.toString(clusterPorts.get(name))));
      command.addAll(List.of("--data-dir", dir.resolve(name).toString()));
      if (!name.equals(EDGE)) {
        command.addAll(List.of("--simulated", "studio-m1"));
        command.addAll(List.of("--time-scale", Double.toString(timeScale)));
      }
      for (var other : COORDINATORS) {
        if (!other.equals(name) && !name.equals(COORDINATORS.get(0))) {
          command.addAll(List.of("--join", "127.0.0.1:" + clusterPorts.get(other)));
        }
      }
      set(command, "broke.cluster.coordinators=[a, b, c]");
      set(command, "broke.cluster.listen-port=" + bound);
      set(command, "broke.node.detect=false");
      set(command, "broke.node.simulated.allow-request-faults=true");
      set(
          command,
          "akka.remote.artery.advanced.tcp.outbound-client-hostname=" + network.address(name));
      settings.forEach(setting -> set(command, setting));
      var proxy = new PortProxy(clusterPorts.get(name), bound, network.before(name));
      var edge = new BrokeClient("http://127.0.0.1:" + port);
      hosts.put(name, new ChaosHost(name, dir, command, proxy, edge));
    }
  }

  private static void set(List<String> command, String setting) {
    command.addAll(List.of("-D", setting));
  }

  /** Everybody who runs models. */
  List<String> nodes() {
    return nodes;
  }

  ChaosHost host(String name) {
    return hosts.get(name);
  }

  Network network() {
    return network;
  }

  /** The edge to which nothing happens. */
  BrokeClient edge() {
    return host(EDGE).edge();
  }

  /** What that edge knows of the cluster. */
  JsonNode status() {
    return edge().getJson("/api/cluster/status");
  }

  /** Whether every node is up with its models in memory, and the edge has a router. */
  boolean allServe() {
    return nodes.stream().allMatch(this::serves) && edge().get("/ready").statusCode() == 200;
  }

  /** Whether the edge counts a host among the members, up or not. */
  boolean knows(String name) {
    for (var node : edge().getJson("/api/nodes")) {
      if (node.path("name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a node is up as the process that runs now, with its smallest model in memory. */
  boolean serves(String name) {
    long pid = host(name).process().pid();
    for (var node : edge().getJson("/api/nodes")) {
      boolean current = node.path("name").asText().equals(name) && node.path("pid").asLong() == pid;
      if (current && node.path("state").asText().equals("up")) {
        for (var model : node.path("models")) {
          if (model.path("tier").asText().equals("basic")) {
            return model.path("state").asText().equals("loaded");
          }
        }
      }
    }
    return false;
  }

  /** Whether every coordinator is up and all of them, and the edge, know the same router. */
  boolean calm() {
    var seen = new HashSet<String>();
    for (var name : Stream.concat(COORDINATORS.stream(), Stream.of(EDGE)).toList()) {
      var edge = host(name).edge();
      var status = edge.getJson("/api/cluster/status");
      seen.add(status.path("coordinator").asText() + status.path("term").asText());
      if (edge.get("/ready").statusCode() != 200) {
        return false;
      }
    }
    return seen.size() == 1 && COORDINATORS.stream().allMatch(this::serves);
  }

  /** Waits for a condition; fails with the ends of all logs. */
  void await(Duration limit, String what, BooleanSupplier condition) {
    Await.until(limit, what, condition, this::logs);
  }

  /** Ends of all logs. */
  String logs() {
    var all = new StringBuilder();
    hosts.forEach(
        (name, host) -> {
          var log = host.process().log();
          boolean alive = host.process().isAlive();
          all.append("=== ").append(name).append(alive ? "" : " (dead)").append('\n');
          all.append(log.substring(Math.max(0, log.length() - 4_000))).append('\n');
        });
    return all.toString();
  }

  @Override
  public void close() {
    hosts.values().forEach(ChaosHost::close);
  }
}
