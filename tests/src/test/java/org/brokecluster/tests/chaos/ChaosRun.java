package org.brokecluster.tests.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.brokecluster.tests.harness.Await;

/**
 * A mixed load on a cluster of real processes to which things happen, by seed. What happens, where
 * and for how long follows from the seed; when exactly a request is hit does not, since processes
 * are no simulation (that one is {@code ./broke simulate}).
 *
 * <p>Never two coordinators at a time: of three, the loss of one is promised to be survived.
 */
final class ChaosRun {
  private static final Duration RECOVERY_MAX = Duration.ofMinutes(5);
  private static final Duration REQUEST_MAX = Duration.ofSeconds(90);
  private static final int BROKEN_RUNTIMES = 6;
  private static final List<Upheaval> CHOICE =
      List.of(
          Upheaval.KILL,
          Upheaval.KILL,
          Upheaval.PAUSE,
          Upheaval.PAUSE,
          Upheaval.CUT,
          Upheaval.CUT,
          Upheaval.RUNTIME,
          Upheaval.RUNTIME,
          Upheaval.KILL_ROUTER,
          Upheaval.DATABASE);

  private final ChaosCluster cluster;
  private final Path dir;
  private final Plan plan;
  private final Consumer<String> log;
  private final Random random;
  private final Map<Upheaval, Integer> counts = new EnumMap<>(Upheaval.class);
  private volatile String now = "before the first event";

  /**
   * What is to happen.
   *
   * @param longest longest time a process stands still or a cable is out
   * @param clients clients that ask at the same time
   */
  record Plan(long seed, int events, Duration longest, int clients) {}

  /**
   * What came of it.
   *
   * @param wrong what must never be, each with seed and event
   * @param leaked attempts that are still under way somewhere when nobody asks any more
   * @param replay what the replay of the history says
   */
  record Report(
      Plan plan,
      Map<Upheaval, Integer> happened,
      Summary summary,
      List<String> wrong,
      int leaked,
      String replay,
      Duration took) {}

  private ChaosRun(ChaosCluster cluster, Path dir, Plan plan, Consumer<String> log) {
    this.cluster = cluster;
    this.dir = dir;
    this.plan = plan;
    this.log = log;
    this.random = new Random(plan.seed());
  }

  /** Starts a cluster, runs the plan on it and ends it. */
  static Report run(Path dir, Plan plan, Consumer<String> log) {
    try (var cluster = ChaosCluster.start(dir, List.of("d"), 4);
        var oracle = new Oracle();
        var client = new Client(cluster.edge().base(), oracle, REQUEST_MAX)) {
      return new ChaosRun(cluster, dir, plan, log).run(client);
    }
  }

  private Report run(Client client) {
    long start = System.nanoTime();
    var load = Load.start(client, plan.clients(), plan.seed(), () -> now);
    try (load) {
      for (int number = 1; number <= plan.events(); number++) {
        happen(number, load);
        Await.pause(Duration.ofMillis(random.nextInt(1_000)));
      }
    }
    now = "after the last event";
    int leaked = leaked();
    var took = Duration.ofNanos(System.nanoTime() - start);
    return new Report(plan, counts, load.summary(), load.wrong(), leaked, replay(), took);
  }

  private void happen(int number, Load load) {
    var what = CHOICE.get(random.nextInt(CHOICE.size()));
    var victim = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    var time =
        Duration.ofMillis(300 + random.nextInt((int) plan.longest().minusMillis(300).toMillis()));
    boolean routers = what == Upheaval.KILL_ROUTER || what == Upheaval.DATABASE;
    if (what != Upheaval.RUNTIME && (routers || ChaosCluster.COORDINATORS.contains(victim))) {
      calm(number);
    }
    if (routers) {
      victim = cluster.status().path("coordinator").asText();
    }
    now = "seed %d event %d (%s %s)".formatted(plan.seed(), number, what.label(), victim);
    counts.merge(what, 1, Integer::sum);
    log.accept(now + " for " + time.toMillis() + " ms; " + load.summary());
    strike(what, cluster.host(victim), time, load);
  }

  private void strike(Upheaval what, ChaosHost victim, Duration time, Load load) {
    switch (what) {
      case KILL, KILL_ROUTER -> {
        victim.kill();
        Await.pause(time);
        cluster.await(RECOVERY_MAX, now + " is missed", () -> !cluster.knows(victim.name()));
        victim.restart();
      }
      case PAUSE -> {
        victim.process().pause();
        Await.pause(time);
        victim.process().resume();
      }
      case CUT -> {
        cluster.network().pull(victim.name());
        Await.pause(time);
        cluster.network().plug(victim.name());
      }
      case RUNTIME -> load.breakRuntimes(BROKEN_RUNTIMES);
      case DATABASE -> shutDownDatabase(victim);
    }
  }

  private void shutDownDatabase(ChaosHost victim) {
    try {
      DatabaseShutdown.in(victim.process().pid(), victim.dataDir(), dir);
    } catch (IOException e) {
      throw new UncheckedIOException(now, e);
    }
  }

  /** Waits until the coordinators are whole again. */
  private void calm(int number) {
    var what = "seed %d: calm before event %d, after %s".formatted(plan.seed(), number, now);
    cluster.await(RECOVERY_MAX, what, cluster::calm);
  }

  /** Attempts that somebody still believes to be under way, some time after the last request. */
  private int leaked() {
    cluster.await(RECOVERY_MAX, "all nodes are back in the end", cluster::allServe);
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    int open = open();
    while (open > 0 && System.nanoTime() < deadline) {
      Await.pause(Duration.ofMillis(250));
      open = open();
    }
    if (open > 0) {
      cluster.nodes().forEach(name -> log.accept("still held, " + name + ": " + held(name)));
    }
    return open;
  }

  /** What a node says of its own slots, and what the edge says of that node. */
  private String held(String name) {
    var own =
        cluster
            .host(name)
            .edge()
            .get("/metrics")
            .body()
            .lines()
            .filter(line -> line.startsWith("broke_node_") || line.startsWith("broke_edge_"))
            .toList();
    for (var node : cluster.status().path("nodes")) {
      if (node.path("name").asText().equals(name)) {
        return own + " seen as " + node;
      }
    }
    return own + " unseen";
  }

  private int open() {
    var status = cluster.status();
    int open = status.path("running").asInt() + status.path("queued").asInt();
    for (var node : status.path("nodes")) {
      open += node.path("running").asInt();
    }
    return open;
  }

  private String replay() {
    return cluster.edge().getJson("/api/replay").path("result").asText("?");
  }
}
