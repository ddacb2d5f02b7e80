package org.brokecluster.shared.host;

import akka.actor.BootstrapSetup;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.SpawnProtocol;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
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
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static final int THREE_PATIENCE = 8;

  /** From the end of a membership's cluster to that of its last thread; longer than Akka waits. */
  private static final Duration END_MAX = Duration.ofSeconds(12);

  private final Host host;
  private final ClusterSettings settings;
  private final List<Part.Running> parts;
  private final KnownMembers known;
  private final CountDownLatch stopping = new CountDownLatch(1);
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
        if (canListen()) {
          live(++count);
        }
      } catch (RuntimeException e) {
        // Nothing of a membership may end the host: its port and models stay, the next one follows.
        LOG.error("membership failed, building the next: number={}", count, e);
      }
      pause(settings.rebuildDelay());
    }
  }

  /** Whether this machine has its address now; in another network it does not. */
  private boolean canListen() {
    int port = host.settings().listenPort() == 0 ? clusterPort : host.settings().listenPort();
    var refusal =
        new PortProbe(HostAddress.own(host.settings().clusterBind()), port).clusterRefusal();
    refusal.ifPresent(why -> Joining.report(host, why));
    return refusal.isEmpty();
  }

  /**
   * This machine slept. After a short sleep it is heard again at once; after a long one the others
   * have given this membership up, and the next one is the quickest way back.
   */
  void woke(Duration slept) {
    var membership = current.get();
    // The only coordinator has lost nobody: it is for the others to come back to it.
    boolean center =
        host.settings().has(HostSettings.COORDINATOR) && host.settings().coordinators().size() < 3;
    if (membership != null && !center && slept.compareTo(settings.sleepMax()) >= 0) {
      LOG.info("slept longer than others wait: joining anew");
      var cluster = Cluster.get(membership.system());
      cluster.manager().tell(new Down(cluster.selfMember().address()));
    }
  }

  /** Leaves the cluster and ends the current membership; blocks for so long at most. */
  void stop(Duration limit) {
    stopping.countDown();
    var membership = current.get();
    if (membership == null) {
      return;
    }
    leave(membership.system(), limit);
  }

  private static void leave(ActorSystem<?> system, Duration limit) {
    var done = CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason());
    try {
      done.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("left the cluster without saying goodbye to all: reason={}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void live(int count) {
    // On the host's threads: a request's messages pass between both systems without waking others.
    var setup =
        BootstrapSetup.create(config())
            .withDefaultExecutionContext(host.system().executionContext());
    var system = ActorSystem.create(SpawnProtocol.create(), SYSTEM, setup);
    try {
      live(count, system);
    } catch (RuntimeException e) {
      leave(system, LEAVE_MAX); // or the next one would not get its port
      throw e;
    }
  }

  private void live(int count, ActorSystem<SpawnProtocol.Command> system) {
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
    var joining = new Joining(host, settings, known, stopping, system);
    joining.join();
    awaitEnd(system, joining);
    LOG.info("membership ended: number={}", count);
  }

  /**
   * Waits for the end of a membership, and ends it when it leads nowhere. With a cable out, a
   * connection of an ended one may never close: then the next one takes another port.
   */
  private void awaitEnd(ActorSystem<?> system, Joining joining) {
    var stranding = new Stranding(settings.strandedAfter());
    int endingSeconds = 0;
    while (!ended(system, SECOND)) {
      endingSeconds += Cluster.get(system).isTerminated() ? 1 : 0;
      if (endingSeconds > END_MAX.toSeconds()) {
        LOG.warn("a membership that is over keeps its port, the next one takes another");
        clusterPort = 0;
        return;
      }
      if (!isStopping()
          && stranding.stranded(
              joining.coordinated(), joining::somebodyElsewhere, System.nanoTime())) {
        LOG.warn("in a cluster without enough coordinators while one runs elsewhere: joining anew");
        leave(system, LEAVE_MAX);
      }
    }
  }

  private static boolean ended(ActorSystem<?> system, Duration limit) {
    try {
      system.getWhenTerminated().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      LOG.warn("membership ended badly: reason={}", e.toString());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
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
        .withFallback(Joining.mayFound(host.settings()) ? foundingSilence() : ConfigFactory.empty())
        .withFallback(listening())
        .withFallback(ConfigFactory.parseResources("membership.conf"))
        .withFallback(host.config())
        .resolve();
  }

  /** Where something stands before this host, it listens on another port than others ask for. */
  private Config listening() {
    int port = host.settings().listenPort();
    return port == 0
        ? ConfigFactory.empty()
        : ConfigFactory.parseMap(
            Map.of(
                "akka.remote.artery.bind.hostname",
                HostAddress.own(host.settings().clusterBind()),
                "akka.remote.artery.bind.port",
                port));
  }

  /**
   * Of three coordinators, one that listens but says nothing of its cluster most likely still
   * counts this host's life before: founding beside it would make two clusters.
   */
  private Config foundingSilence() {
    boolean three = host.settings().coordinators().size() > 1;
    var silence = settings.foundingSilence().multipliedBy(three ? THREE_PATIENCE : 1);
    return ConfigFactory.parseMap(Map.of("akka.cluster.seed-node-timeout", silence));
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
