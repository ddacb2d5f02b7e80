package org.brokecluster.shared.host;

import akka.actor.Address;
import akka.actor.typed.ActorSystem;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.cluster.typed.JoinSeedNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one membership gets into a cluster: a founder by {@link FoundingRule}, everybody else by
 * trying for ever. Runs in the keeper's thread, and blocks it.
 */
final class Joining {
  private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
  private static final Duration LOOK_UP_AGAIN = Duration.ofSeconds(30);

  /**
   * Artery ends a system after 5 s of answers that are not its own: what is wrong is said before.
   */
  private static final Duration JOIN_PATIENCE = Duration.ofSeconds(3);

  private static final Duration ASK_AGAIN = Duration.ofMillis(250);
  private static final int PROBED_MAX = 4;

  private final Host host;
  private final ClusterSettings settings;
  private final KnownMembers known;
  private final CountDownLatch stopping;
  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final Address self;

  /**
   * For one membership.
   *
   * @param stopping counted down when the host stops
   */
  Joining(
      Host host,
      ClusterSettings settings,
      KnownMembers known,
      CountDownLatch stopping,
      ActorSystem<?> system) {
    this.host = host;
    this.settings = settings;
    this.known = known;
    this.stopping = stopping;
    this.system = system;
    this.cluster = Cluster.get(system);
    this.self = cluster.selfMember().address();
  }

  /**
   * Joins until this member is up, or the system or the host ends. Addresses are looked up again
   * now and then, because names move.
   */
  void join() {
    boolean founder = mayFound(host.settings());
    long started = System.nanoTime();
    boolean up;
    do {
      up = founder ? foundOrJoin(Duration.ofNanos(System.nanoTime() - started)) : joinOthers();
    } while (!up && !ended());
    if (up) {
      host.joinTrouble().set(null);
      LOG.info("in the cluster: address={}", self.hostPort());
    }
  }

  private boolean joinOthers() {
    var others = joinAddresses();
    if (others.isEmpty()) {
      report("there is nobody to join but this machine itself: see broke.cluster.join");
    } else {
      cluster.manager().tell(new JoinSeedNodes(addresses(others)));
    }
    if (awaitUp(JOIN_PATIENCE)) {
      return true;
    }
    reportAbout(others);
    return awaitUp(LOOK_UP_AGAIN);
  }

  /** One step of a founder; see {@link FoundingRule}. */
  private boolean foundOrJoin(Duration silence) {
    boolean three = host.settings().coordinators().size() > 1;
    var others = KnownMembers.ask(known(three));
    var addresses = others.stream().map(FoundingRule.Other::address).toList();
    return switch (FoundingRule.decide(three, others, silence, settings.foundingSilence())) {
      case FOUND -> {
        LOG.info("founding the cluster: address={} asked={}", self.hostPort(), others);
        cluster.manager().tell(new Join(self));
        yield awaitUp(LOOK_UP_AGAIN);
      }
      case JOIN_OR_FOUND -> {
        // First among the seeds: it joins whoever is in a cluster, and founds one if all say that
        // they are in none, or stay silent for founding-silence.
        var seeds = new ArrayList<>(List.of(self));
        seeds.addAll(addresses(addresses));
        cluster.manager().tell(new JoinSeedNodes(seeds));
        boolean up = awaitUp(JOIN_PATIENCE.plus(settings.foundingSilence()));
        if (!up) {
          reportAbout(addresses);
        }
        yield up;
      }
      case JOIN_ONLY -> {
        report(
            "of three coordinators two are needed, and none of the others answers: start or wake"
                + " one of "
                + addresses);
        cluster.manager().tell(new JoinSeedNodes(addresses(addresses)));
        yield awaitUp(JOIN_PATIENCE);
      }
      case WAIT -> {
        report("waiting up to " + settings.foundingSilence() + " for " + addresses);
        yield awaitUp(ASK_AGAIN);
      }
    };
  }

  /** Whether this host is the one that may found its cluster. */
  static boolean mayFound(HostSettings settings) {
    var named = settings.coordinators();
    return settings.has(HostSettings.COORDINATOR)
        && (named.size() > 1
            ? named.get(0).equals(settings.name().value())
            : settings.join().isEmpty());
  }

  private boolean ended() {
    return stopping.getCount() == 0 || system.whenTerminated().isCompleted();
  }

  private void reportAbout(List<String> others) {
    if (!others.isEmpty() && !ended()) {
      report(
          others.stream()
              .limit(PROBED_MAX)
              .map(other -> new SeedProbe(other).trouble())
              .collect(Collectors.joining("; ")));
    }
  }

  private void report(String trouble) {
    report(host, trouble);
  }

  /** Remembers why a machine is in no cluster; logs it when it is new, not every time. */
  static void report(Host host, String trouble) {
    if (!trouble.equals(host.joinTrouble().getAndSet(trouble))) {
      LOG.warn("not in a cluster yet, trying on: {}", trouble);
    }
  }

  /** Everybody a founder knows; whom it is told to join counts as a coordinator beside it. */
  private List<KnownMembers.Known> known(boolean three) {
    var all = new LinkedHashMap<String, KnownMembers.Known>();
    known.read().forEach(each -> all.put(each.address(), each));
    joinAddresses()
        .forEach(each -> all.computeIfAbsent(each, a -> new KnownMembers.Known(a, three)));
    all.remove(hostPort(self));
    return List.copyOf(all.values());
  }

  private List<String> joinAddresses() {
    return host.settings().join().stream()
        .flatMap(address -> HostAddress.present(address).stream())
        .filter(address -> !address.equals(hostPort(self)))
        .distinct()
        .toList();
  }

  private static String hostPort(Address address) {
    return address.getHost().get() + ":" + address.getPort().get();
  }

  private static List<Address> addresses(List<String> hostPorts) {
    return hostPorts.stream().map(Joining::address).toList();
  }

  private static Address address(String hostPort) {
    int colon = hostPort.lastIndexOf(':');
    return new Address(
        "akka",
        MembershipKeeper.SYSTEM,
        hostPort.substring(0, colon),
        Integer.parseInt(hostPort.substring(colon + 1)));
  }

  /** Waits until this member is up, the time is over, or the system or the host ends. */
  private boolean awaitUp(Duration limit) {
    long started = System.nanoTime();
    while (!ended() && System.nanoTime() - started < limit.toNanos()) {
      if (isUp()) {
        return true;
      }
      pause(Duration.ofMillis(20));
    }
    return false;
  }

  private boolean isUp() {
    return cluster.selfMember().status().equals(MemberStatus.up());
  }

  /**
   * Whether enough coordinators are in this member's cluster: one, or, for one of three, two. One
   * of three that is alone may have founded beside the others, who then run on without it.
   */
  boolean coordinated() {
    long coordinators =
        StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
            .filter(member -> member.hasRole(HostSettings.COORDINATOR))
            .count();
    return coordinators >= (isOneOfThree() ? 2 : 1);
  }

  /** Whether somebody who could be joined listens and is not in this member's cluster. */
  boolean somebodyElsewhere() {
    var elsewhere = new LinkedHashSet<>(joinAddresses());
    if (isOneOfThree()) {
      known.read().stream()
          .filter(KnownMembers.Known::coordinator)
          .forEach(each -> elsewhere.add(each.address()));
    }
    cluster.state().getMembers().forEach(member -> elsewhere.remove(hostPort(member.address())));
    return KnownMembers.anyAnswers(elsewhere);
  }

  private boolean isOneOfThree() {
    return host.settings().has(HostSettings.COORDINATOR)
        && host.settings().coordinators().size() > 1;
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
