package org.brokecluster.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.brokecluster.coordinator.router.TermBallot;
import org.brokecluster.protocol.state.NodeLoad;
import org.jspecify.annotations.Nullable;

/**
 * Membership as Akka Cluster keeps it, in short: who joins, who is thrown out after long silence,
 * where the router runs, and what gossip brings. The majority of the coordinators is always right;
 * those it threw out learn that late.
 */
final class Cluster {
  private static final long TICK_MS = 500;
  private static final long REMOVED_MS = 12_000;

  private final World world;
  private final Timeline time;
  private final Random random;
  private final int coordinators;
  private final List<Membership> members = new ArrayList<>();
  private final Map<Membership, Sight> sights = new LinkedHashMap<>();
  private final Map<Machine, PlayedRouter> routerOf = new HashMap<>();
  private long uids;
  private long alarmMs = -1;
  private @Nullable Membership singleton;
  private boolean moving;

  Cluster(World world, Random random, int coordinators) {
    this.world = world;
    this.time = world.time();
    this.random = random;
    this.coordinators = coordinators;
    time.after(TICK_MS, "membership", this::look);
  }

  boolean isCoordinator(Machine machine) {
    return machine.index() < coordinators;
  }

  /** A process begins to join, as soon as somebody is there to join. */
  void joinLater(Host host, long delayMs) {
    var machine = host.machine();
    machine.after(delayMs, "join of " + machine, () -> join(host));
  }

  private void join(Host host) {
    var machine = host.machine();
    var before = machine.membership();
    boolean lingers = members.stream().anyMatch(m -> m.machine() == machine && !m.removed());
    if (lingers && (before == null || before.ended())) {
      // A new incarnation at the same address: the old one is thrown out at once.
      List.copyOf(members).stream().filter(m -> m.machine() == machine).forEach(this::throwOut);
    }
    boolean founds = living().isEmpty() && machine.index() == 0;
    boolean welcome =
        mainSide().stream().anyMatch(m -> world.network().connected(m.machine(), machine));
    if (!founds && !welcome) {
      joinLater(host, 1_000);
      return;
    }
    var membership = new Membership(machine, ++uids, time.nowMs());
    machine.membership(membership);
    members.add(membership);
    membership.isUp();
    if (isCoordinator(machine)) {
      sights.put(membership, new Sight(world, membership));
    }
    host.link(membership);
    membership.atEnd(() -> rejoin(host));
    tellRouter(machine);
    others(membership).forEach(other -> gossipAgain(other, membership));
  }

  private void rejoin(Host host) {
    host.machine().membership(null);
    joinLater(host, 1_000 + random.nextInt(3_000));
  }

  private List<Membership> living() {
    return members.stream().filter(m -> !m.removed()).toList();
  }

  private List<Membership> others(Membership of) {
    return living().stream().filter(m -> !m.equals(of)).toList();
  }

  /** A side that holds most of the coordinators and hears itself; empty if there is none. */
  private List<Membership> mainSide() {
    var living = living();
    long seats = living.stream().filter(m -> isCoordinator(m.machine())).count();
    for (var each : living) {
      if (!isCoordinator(each.machine())) {
        continue;
      }
      var side = living.stream().filter(m -> hears(each, m)).toList();
      if (side.stream().filter(m -> isCoordinator(m.machine())).count() * 2 > seats) {
        return side;
      }
    }
    return List.of();
  }

  private boolean hears(Membership one, Membership other) {
    return one.machine().awake()
        && other.machine().awake()
        && !one.ended()
        && !other.ended()
        && world.network().connected(one.machine(), other.machine());
  }

  private void look() {
    long now = time.nowMs();
    var main = mainSide();
    main.forEach(m -> m.heard(now));
    if (main.isEmpty() && !living().isEmpty()) {
      alarmMs = alarmMs < 0 ? now : alarmMs;
      if (now - alarmMs >= REMOVED_MS) {
        living().forEach(this::throwOut);
        alarmMs = -1;
      }
    } else {
      alarmMs = -1;
      for (var each : living()) {
        if (now - each.heardMs() >= REMOVED_MS) {
          throwOut(each);
        }
      }
    }
    seat(main);
    time.after(TICK_MS, "membership", this::look);
  }

  /** The majority removes a member. The member learns it when it can, perhaps much later. */
  private void throwOut(Membership gone) {
    if (gone.removed()) {
      return;
    }
    gone.remove();
    members.remove(gone);
    var machine = gone.machine();
    time.after(
        random.nextInt(3_000),
        "downing of " + gone,
        () -> machine.run(gone.boot(), "downing of " + gone, gone::end));
    living().forEach(each -> hearOf(gone, each));
  }

  /** The news that a member was thrown out reaches another one. */
  private void hearOf(Membership gone, Membership each) {
    each.machine()
        .after(
            random.nextInt(world.plan().newsMs()),
            Told.of("removal of", gone),
            () -> {
              each.shun(gone);
              var sight = sights.get(each);
              if (sight != null) {
                sight.removed(gone);
              }
            });
  }

  /** The router runs on the oldest coordinator of the majority. */
  private void seat(List<Membership> main) {
    var oldest =
        main.stream()
            .filter(m -> isCoordinator(m.machine()))
            .min(Comparator.comparing(Membership::uid))
            .orElse(null);
    boolean seated = singleton != null && !singleton.removed() && !singleton.ended();
    if (seated || oldest == null || moving) {
      return;
    }
    moving = true;
    time.after(
        200 + random.nextInt(1_500),
        "hand-over of the router to " + oldest,
        () -> {
          moving = false;
          if (!oldest.removed() && !oldest.ended()) {
            singleton = oldest;
            oldest.machine().run(oldest.boot(), "router on " + oldest, () -> begin(oldest));
          }
        });
  }

  private void begin(Membership at) {
    var sight = sights.get(at);
    if (sight == null || at.ended()) {
      return;
    }
    sight.router(new PlayedRouter(world, sight));
    living().forEach(m -> tellRouter(m.machine()));
  }

  /** A machine learns after a moment where the router is, if it can. */
  private void tellRouter(Machine machine) {
    machine.after(
        100 + random.nextInt(900),
        "router's place for " + machine,
        () -> {
          var seat = singleton;
          var router = seat == null ? null : routerAt(seat);
          var here = machine.membership();
          if (router == null || here == null || here.removed() != router.self().in().removed()) {
            return;
          }
          if (world.network().connected(machine, router.self().machine())) {
            routerOf.put(machine, router);
          } else {
            tellRouter(machine);
          }
        });
  }

  private @Nullable PlayedRouter routerAt(Membership seat) {
    var sight = sights.get(seat);
    return sight == null ? null : sight.router();
  }

  /** A router has taken its term: everybody hears of it by gossip. */
  void reigns(PlayedRouter router) {
    living().forEach(m -> tellTerm(m, router));
  }

  private void tellTerm(Membership to, PlayedRouter router) {
    to.machine()
        .after(
            50 + random.nextInt(250),
            "term " + router.term() + " for " + to,
            () -> {
              if (to.ended() || !router.self().open()) {
                return;
              }
              if (world.network().connected(to.machine(), router.self().machine())) {
                world.edgeOf(to).termSeen(router.term());
              } else {
                tellTerm(to, router);
              }
            });
  }

  /** Takes a term as the product's keeper does: above what a majority of witnesses knows. */
  long takeTerm(PlayedRouter router, long seen) {
    var here = router.self().machine();
    var asked = new TermBallot(coordinators);
    witnesses(here).forEach(w -> asked.answered(w.name(), w.termOnDisk(), true));
    if (world.off(Mechanism.TERMS)) {
      return 1;
    }
    long term = 1 + Math.max(seen, asked.safeFloor());
    var promised = new TermBallot(coordinators);
    for (var witness : witnesses(here)) {
      witness.termOnDisk(term);
      promised.answered(witness.name(), witness.termOnDisk(), true);
    }
    return promised.highest() > term ? 0 : term;
  }

  private List<Machine> witnesses(Machine here) {
    return world.machines().stream()
        .filter(this::isCoordinator)
        .filter(Machine::awake)
        .filter(m -> m.membership() != null)
        .filter(m -> world.network().connected(m, here))
        .toList();
  }

  /** Sends to where a machine believes the router to be; lost where it knows of none. */
  void toRouter(Machine from, Mailbox sender, Object what, Consumer<PlayedRouter> step) {
    var router = routerOf.get(from);
    if (router != null) {
      world.network().send(sender, router.self(), what, () -> step.accept(router));
    }
  }

  /** A node's report, to every coordinator. */
  void gossip(Membership of, NodeLoad load) {
    world.reported(of, load);
    sights.forEach((to, sight) -> carry(of, load, sight));
  }

  /** A coordinator that is new hears of everybody. */
  private void gossipAgain(Membership of, Membership to) {
    var load = world.lastReport(of);
    var sight = sights.get(to);
    if (load != null && sight != null) {
      carry(of, load, sight);
    }
  }

  private void carry(Membership of, NodeLoad load, Sight sight) {
    var to = sight.in();
    if (to.ended() || of.removed() != to.removed()) {
      return;
    }
    time.after(
        of.equals(to) ? 5 : 50 + random.nextInt(200),
        Told.of("gossip of", of),
        () -> {
          if (!world.network().connected(of.machine(), to.machine())) {
            carry(of, load, sight); // gossip is repeated until it arrives
          } else {
            to.machine()
                .run(
                    to.boot(),
                    Told.of("gossip of", of),
                    () -> {
                      if (!to.ended() && of.removed() == to.removed()) {
                        sight.load(of, load);
                      }
                    });
          }
        });
  }

  /** Every router that has not been stopped. */
  List<PlayedRouter> routers() {
    var all = new ArrayList<PlayedRouter>();
    sights.forEach(
        (in, sight) -> {
          var router = sight.router();
          if (!in.ended() && router != null && router.self().open()) {
            all.add(router);
          }
        });
    return all;
  }

  /** Whether everybody is a member again and one router reigns. */
  boolean whole() {
    return living().size() == world.machines().size()
        && routers().size() == 1
        && routers().get(0).term() > 0;
  }
}
