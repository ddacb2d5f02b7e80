package org.brokecluster.shared.host;

import akka.actor.Address;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.SpawnProtocol;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.cluster.typed.JoinSeedNodes;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this host a member: builds a clustered actor system, lets the parts join it, and builds the
 * next one when it ends, until the host stops. An actor system cannot rejoin after it was downed,
 * so a new one is the only way back; nothing of the host depends on which one it is.
 *
 * <p>Runs in a thread of its own, which may block.
 */
final class MembershipKeeper implements Runnable {
  /** Name of every clustered actor system; part of the cluster's addresses. */
  static final String SYSTEM = "broke";

  private static final Logger LOG = LoggerFactory.getLogger(MembershipKeeper.class);
  private static final Duration LEAVE_MAX = Duration.ofSeconds(4);
  private static final Duration LOOK_UP_AGAIN = Duration.ofSeconds(30);
  private static final Duration JOIN_PATIENCE = Duration.ofSeconds(6);
  private static final int PROBED_MAX = 4;

  private final Host host;
  private final ClusterSettings settings;
  private final List<Part.Running> parts;
  private final KnownMembers known;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CompletableFuture<Void> firstUp = new CompletableFuture<>();
  private final AtomicReference<@Nullable Membership> current = new AtomicReference<>();
  private int clusterPort;

  MembershipKeeper(
      Host host, ClusterSettings settings, List<Part.Running> parts, ExecutorService files) {
    this.host = host;
    this.settings = settings;
    this.parts = List.copyOf(parts);
    this.known = new KnownMembers(host.settings().dataDir(), files);
    this.clusterPort = host.settings().clusterPort();
  }

  @Override
  public void run() {
    int count = 0;
    while (!isStopping()) {
      try {
        live(++count);
      } catch (RuntimeException e) {
        // Nothing of a membership may end the host: its port and models stay, the next one follows.
        LOG.error("membership failed, building the next: number={}", count, e);
        firstUp.completeExceptionally(e);
      }
      pause(settings.rebuildDelay());
    }
  }

  /** Completes when the first membership is up, or fails if its system could not be built. */
  CompletableFuture<Void> firstUp() {
    return firstUp;
  }

  /** Leaves the cluster and ends the current membership; blocks for a bounded time. */
  void stop() {
    stopping.countDown();
    var membership = current.get();
    if (membership == null) {
      return;
    }
    var done =
        akka.actor.CoordinatedShutdown.get(membership.system())
            .runAll(akka.actor.CoordinatedShutdown.jvmExitReason());
    try {
      done.toCompletableFuture().get(LEAVE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("left the cluster without saying goodbye to all: reason={}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void live(int count) {
    var system = ActorSystem.create(SpawnProtocol.create(), SYSTEM, config());
    var cluster = Cluster.get(system);
    clusterPort = cluster.selfMember().address().getPort().get();
    system.systemActorOf(MemberWatchActor.create(known::remember), "members", Props.empty());
    var gossip = system.systemActorOf(GossipActor.create(host, settings), "gossip", Props.empty());
    var membership = new Membership(system, gossip);
    current.set(membership);
    LOG.info(
        "membership starts: number={} address={}",
        count,
        cluster.selfMember().address().hostPort());
    parts.forEach(part -> part.join(membership));
    join(system, cluster);
    awaitEnd(system);
    LOG.info("membership ended: number={}", count);
  }

  /**
   * Joins until this member is up, or the system or the host ends. Addresses are looked up again
   * now and then, because names move.
   */
  private void join(ActorSystem<?> system, Cluster cluster) {
    var self = cluster.selfMember().address();
    boolean founder = mayFound();
    boolean up;
    do {
      var others = seeds(self, founder);
      if (others.isEmpty() && !founder) {
        report("there is nobody to join but this machine itself: see broke.cluster.join");
      } else if (founder && (others.isEmpty() || !KnownMembers.anyAnswers(others))) {
        LOG.info("founding the cluster: address={}", self.hostPort());
        cluster.manager().tell(new Join(self));
      } else {
        cluster.manager().tell(new JoinSeedNodes(asSeeds(self, founder, others)));
      }
      up = awaitUp(system, cluster, founder ? foundingPatience() : JOIN_PATIENCE);
      if (!up && !ended(system)) {
        report(others);
        up = awaitUp(system, cluster, LOOK_UP_AGAIN);
      }
    } while (!up && !ended(system));
    if (up) {
      host.joinTrouble().set(null);
      LOG.info("in the cluster: address={}", self.hostPort());
    }
  }

  private Duration foundingPatience() {
    return JOIN_PATIENCE.plus(settings.foundingSilence());
  }

  private boolean ended(ActorSystem<?> system) {
    return isStopping() || system.whenTerminated().isCompleted();
  }

  private void report(List<String> others) {
    if (!others.isEmpty()) {
      report(
          others.stream()
              .limit(PROBED_MAX)
              .map(other -> new SeedProbe(other).trouble())
              .collect(Collectors.joining("; ")));
    }
  }

  /** Remembers why nobody takes this machine in; logs it when it is new, not every time. */
  private void report(String trouble) {
    if (!trouble.equals(host.joinTrouble().getAndSet(trouble))) {
      LOG.warn("not in a cluster yet, trying on: {}", trouble);
    }
  }

  /**
   * A founder comes first among the seeds: then it joins whoever is in a cluster, and founds one if
   * all say that they are in none, or stay silent for {@code founding-silence}.
   */
  private List<Address> asSeeds(Address self, boolean founder, List<String> others) {
    var seeds = new ArrayList<Address>();
    if (founder) {
      seeds.add(self);
    }
    others.forEach(other -> seeds.add(address(other)));
    return seeds;
  }

  private boolean mayFound() {
    var named = host.settings().coordinators();
    return host.settings().has(HostSettings.COORDINATOR)
        && (named.size() > 1
            ? named.get(0).equals(host.settings().name().value())
            : host.settings().join().isEmpty());
  }

  private List<String> seeds(Address self, boolean founder) {
    var all = new LinkedHashSet<String>();
    host.settings().join().forEach(address -> all.addAll(HostAddress.present(address)));
    if (founder) {
      all.addAll(known.read());
    }
    all.remove(self.getHost().get() + ":" + self.getPort().get());
    return List.copyOf(all);
  }

  private static Address address(String hostPort) {
    int colon = hostPort.lastIndexOf(':');
    return new Address(
        "akka",
        SYSTEM,
        hostPort.substring(0, colon),
        Integer.parseInt(hostPort.substring(colon + 1)));
  }

  /** Waits until this member is up, the time is over, or the system or the host ends. */
  private boolean awaitUp(ActorSystem<?> system, Cluster cluster, Duration limit) {
    long started = System.nanoTime();
    while (!ended(system) && System.nanoTime() - started < limit.toNanos()) {
      if (isUp(cluster)) {
        firstUp.complete(null);
        return true;
      }
      pause(Duration.ofMillis(20));
    }
    return false;
  }

  private static boolean isUp(Cluster cluster) {
    return cluster.selfMember().status().equals(MemberStatus.up());
  }

  private void awaitEnd(ActorSystem<?> system) {
    try {
      system.getWhenTerminated().toCompletableFuture().get();
    } catch (ExecutionException e) {
      LOG.warn("membership ended badly: reason={}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Config config() {
    var own =
        ConfigFactory.parseMap(
            Map.of(
                "akka.remote.artery.canonical.hostname",
                HostAddress.own(host.settings().clusterBind()),
                "akka.remote.artery.canonical.port",
                clusterPort));
    return own.withValue(
            "akka.cluster.roles",
            ConfigValueFactory.fromIterable(host.settings().roles().stream().sorted().toList()))
        .withFallback(mayFound() ? foundingSilence() : ConfigFactory.empty())
        .withFallback(ConfigFactory.parseResources("membership.conf"))
        .withFallback(host.config())
        .resolve();
  }

  private Config foundingSilence() {
    return ConfigFactory.parseMap(
        Map.of("akka.cluster.seed-node-timeout", settings.foundingSilence()));
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void pause(Duration time) {
    try {
      stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping.countDown();
    }
  }
}
