package org.brokecluster.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.jspecify.annotations.Nullable;

/** Everything there is in one run, and where to find it. */
final class World {
  private final Plan plan;
  private final SimulationSettings settings;
  private final Set<Mechanism> off;
  private final Timeline time;
  private final Watch watch;
  private final Network network;
  private final Cluster cluster;
  private final List<Machine> machines = new ArrayList<>();
  private final Map<Machine, Host> hosts = new HashMap<>();
  private final Map<Mailbox, PlayedEdge> edges = new HashMap<>();
  private final Map<Membership, PlayedNode> nodes = new HashMap<>();
  private final Map<Membership, PlayedEdge> edgesOf = new HashMap<>();
  private final Map<Membership, NodeLoad> reports = new HashMap<>();
  private final Map<Membership, NodeFacts> facts = new HashMap<>();
  private final Map<RequestId, Call> calls = new HashMap<>();

  World(
      Plan plan,
      SimulationSettings settings,
      Set<Mechanism> off,
      @Nullable Consumer<String> listener) {
    this.time = new Timeline(listener);
    this.plan = plan;
    this.settings = settings;
    this.off = Set.copyOf(off);
    var random = new Random(plan.seed() * 31 + 7);
    this.watch = new Watch(this);
    this.network =
        new Network(time, random, plan.machines(), plan.usualDelayMs(), plan.rareDelayMs());
    for (int i = 0; i < plan.machines(); i++) {
      machines.add(new Machine(i, time));
    }
    this.cluster = new Cluster(this, random, plan.coordinators());
    plan.calls().forEach(call -> calls.put(call.request(), call));
  }

  /** Starts a process on a machine. */
  void boot(Machine machine, long joinMs) {
    machine.start();
    var models = plan.modelsOn(this, machine);
    var host = new Host(this, machine, models);
    hosts.put(machine, host);
    cluster.joinLater(host, joinMs);
  }

  /** Kills the process on a machine. */
  void kill(Machine machine) {
    var host = hosts.remove(machine);
    if (host != null) {
      host.die();
    }
    machine.kill();
  }

  /** A client calls. */
  void call(Call call) {
    var host = hosts.get(machines.get(call.machine()));
    if (host == null) {
      watch.notReached(call);
    } else {
      var machine = host.machine();
      machine.run(machine.boot(), call, () -> host.open(call));
    }
  }

  void know(PlayedEdge edge) {
    edges.put(edge.self(), edge);
    edgesOf.put(edge.self().in(), edge);
    var host = host(edge.self().machine());
    var node = host == null ? null : host.node();
    if (node != null) {
      nodes.put(edge.self().in(), node);
    }
  }

  @Nullable Host host(Machine machine) {
    return hosts.get(machine);
  }

  PlayedEdge edge(Mailbox at) {
    return present(edges.get(at), at);
  }

  PlayedEdge edgeOf(Membership in) {
    return present(edgesOf.get(in), in);
  }

  @Nullable PlayedNode node(Membership in) {
    return nodes.get(in);
  }

  private static <T> T present(@Nullable T value, Object what) {
    if (value == null) {
      throw new IllegalStateException("nobody knows " + what);
    }
    return value;
  }

  void reported(Membership of, NodeLoad load) {
    reports.put(of, load);
  }

  @Nullable NodeLoad lastReport(Membership of) {
    return reports.get(of);
  }

  NodeFacts facts(Membership of) {
    return facts.computeIfAbsent(of, key -> plan.factsOf(of));
  }

  Call call(RequestId request) {
    return present(calls.get(request), request);
  }

  /** Who speaks when a model answers on a node. */
  String voice(ModelId model, NodeId node) {
    return plan.sameEverywhere() ? model.value() : model.value() + "@" + node.value();
  }

  boolean off(Mechanism mechanism) {
    return off.contains(mechanism);
  }

  Plan plan() {
    return plan;
  }

  SimulationSettings settings() {
    return settings;
  }

  Timeline time() {
    return time;
  }

  Watch watch() {
    return watch;
  }

  Network network() {
    return network;
  }

  Cluster cluster() {
    return cluster;
  }

  List<Machine> machines() {
    return machines;
  }
}
