package org.brokecluster.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.brokecluster.protocol.node.AttemptFailure;
import org.jspecify.annotations.Nullable;

/** One run from its first step to the moment when nothing is left to do. */
final class Run {
  private static final long SETTLE_MS = 150_000;
  private static final long LATE_MS = 2_000;
  private static final long EDGE_SILENCE_MS = 5_000;
  private static final long GAP_MAX_MS = 35_000;
  private static final long GAP_AFTER_KILL_MS = 9_000;

  private final Plan plan;
  private final World world;

  /**
   * A run that has not begun.
   *
   * @param off mechanisms that are left out
   * @param listener told of every step; null for nobody
   */
  Run(
      Plan plan,
      SimulationSettings settings,
      Set<Mechanism> off,
      @Nullable Consumer<String> listener) {
    this.plan = plan;
    this.world = new World(plan, settings, off, listener);
  }

  /** Plays it. */
  Outcome play() {
    var time = world.time();
    for (var machine : world.machines()) {
      world.boot(machine, machine.index() == 0 ? 10 : 300 + 50L * machine.index());
    }
    plan.calls().forEach(call -> time.after(call.atMs(), call, () -> world.call(call)));
    plan.faults().forEach(fault -> time.after(fault.atMs(), fault, () -> begin(fault)));
    time.after(plan.workMs(), "everything is mended", this::mendAll);
    boolean rest = false;
    long looked = 0;
    while (!rest && world.watch().violation() == null && time.step()) {
      if (time.nowMs() - looked < 1_000) {
        continue;
      }
      looked = time.nowMs();
      haunted();
      if (time.nowMs() > plan.workMs()) {
        var held = held();
        rest = held.isEmpty();
        if (!rest && time.nowMs() > plan.workMs() + SETTLE_MS) {
          world.watch().broken(Invariant.REST, "still held: " + String.join("; ", held));
        }
      }
    }
    if (world.watch().violation() == null) {
      judge();
    }
    return Outcome.of(plan, world);
  }

  /** Nodes notice silent edges after a while; nobody may be worked for much longer. */
  private void haunted() {
    long grace = EDGE_SILENCE_MS + 3_000;
    for (var machine : world.machines()) {
      var host = world.host(machine);
      var node = host == null ? null : host.node();
      var haunted = node == null ? List.of() : node.haunted(grace);
      if (!haunted.isEmpty()) {
        world.watch().broken(Invariant.DEAD_EDGE, machine + " still works on " + haunted);
      }
    }
  }

  private void begin(Fault fault) {
    if (world.time().nowMs() >= plan.workMs()) {
      return;
    }
    var machine = world.machines().get(fault.machine());
    var host = world.host(machine);
    switch (fault.kind()) {
      case KILL -> world.kill(machine);
      case PAUSE -> machine.pause();
      case CUT -> world.network().cut(machine, 1 + machine.index());
      case SLOW -> machine.slow(6);
      case CRASH -> {
        if (host != null) {
          var how =
              AttemptFailure.of(
                  AttemptFailure.Kind.STREAM_CUT, "stream_cut", "the runtime broke off");
          List.copyOf(host.models()).forEach(model -> model.crash(how));
        }
      }
      case SILENCE -> {
        if (host != null) {
          host.models().forEach(model -> model.silence(fault.endMs()));
        }
      }
      case SICK -> {
        if (host != null) {
          var how =
              AttemptFailure.of(
                  AttemptFailure.Kind.RUNTIME_ERROR, "runtime_error", "the runtime fails");
          host.models().forEach(model -> model.sick(how));
        }
      }
      case DRAIN -> {
        if (host != null && machine.awake()) {
          host.drain(Duration.ofMillis(fault.lastsMs()));
        }
      }
    }
    world.time().after(fault.lastsMs(), "end of " + fault, () -> end(fault));
  }

  private void end(Fault fault) {
    var machine = world.machines().get(fault.machine());
    var host = world.host(machine);
    switch (fault.kind()) {
      case KILL -> {
        if (!machine.running()) {
          world.boot(machine, 1_500);
        }
      }
      case PAUSE -> machine.resume();
      case CUT -> world.network().cut(machine, 0);
      case SLOW -> machine.slow(1);
      case CRASH, SILENCE -> {}
      case SICK -> {
        if (host != null) {
          host.models().forEach(model -> model.sick(null));
        }
      }
      case DRAIN -> {
        if (host != null) {
          machine.run(machine.boot(), fault, host::resume);
        }
      }
    }
  }

  private void mendAll() {
    plan.faults().stream()
        .filter(fault -> fault.atMs() <= plan.workMs() && fault.endMs() > plan.workMs())
        .forEach(
            fault -> {
              end(fault);
              if (fault.kind() == Fault.Kind.SILENCE) {
                var host = world.host(world.machines().get(fault.machine()));
                if (host != null) {
                  host.models().forEach(model -> model.silence(0));
                }
              }
            });
  }

  /** Everything that somebody still holds. */
  private List<String> held() {
    var held = new ArrayList<String>();
    if (!world.cluster().whole()) {
      held.add("the cluster is not whole");
    }
    for (var router : world.cluster().routers()) {
      if (router.work() > 0) {
        held.add("%s: %d requests or tickets".formatted(router.self(), router.work()));
      }
    }
    for (var machine : world.machines()) {
      var host = world.host(machine);
      if (host != null) {
        held(host, held);
      }
    }
    return held;
  }

  private static void held(Host host, List<String> held) {
    add(held, host, "requests", host.requests().size());
    add(held, host, "reports nobody noted", host.outbox().size());
    for (var model : host.models()) {
      add(held, host, "claims on " + model.facts().id(), model.claims());
      add(held, host, "answers of " + model.facts().id(), model.running());
    }
    var edge = host.edge();
    if (edge != null) {
      add(held, host, "open attempts at the edge", edge.desk().openAttempts());
      add(held, host, "nodes the edge beats to", edge.desk().nodes().size());
    }
    var node = host.node();
    if (node != null && node.self().open()) {
      var admission = node.desk().admission();
      add(held, host, "open attempts at the node", admission.open());
      add(held, host, "slots", admission.running());
      add(held, host, "attempts that wait for a slot", admission.waiting());
    }
  }

  private static void add(List<String> held, Host host, String what, int count) {
    if (count > 0) {
      held.add("%s: %d %s".formatted(host.machine(), count, what));
    }
  }

  /** What can only be said when all is over. */
  private void judge() {
    for (var request : world.watch().requests()) {
      judge(request);
    }
    if (plan.kind() == Plan.Kind.SICK) {
      judgeSickness();
    }
  }

  private void judge(PlayedRequest request) {
    var client = request.client();
    var call = request.call();
    if (client.end() == null) {
      world.watch().broken(Invariant.ENDS_ONCE, call.request() + " has not ended");
    }
    if (touched(call)) {
      return;
    }
    if (client.tookMs() > call.maxSeconds() * 1_000L + LATE_MS) {
      world
          .watch()
          .broken(
              Invariant.WAITS,
              "%s took %,d ms and was to take %d s"
                  .formatted(call.request(), client.tookMs(), call.maxSeconds()));
    }
    if (plan.kind() == Plan.Kind.WILD || plan.kind() == Plan.Kind.CROWD) {
      return;
    }
    boolean must = call.rescuable() || plan.faults().isEmpty();
    if (must && client.end() != PlayedClient.End.ANSWERED) {
      var error = client.error();
      world
          .watch()
          .broken(
              Invariant.ANSWERED,
              "%s ended as %s%s"
                  .formatted(
                      call,
                      client.end(),
                      error == null ? "" : " with " + error.code() + ": " + error.message()));
    }
    boolean onlyKills =
        plan.faults().stream()
            .allMatch(f -> f.kind() == Fault.Kind.KILL && f.machine() >= plan.coordinators());
    long most = onlyKills ? GAP_AFTER_KILL_MS : GAP_MAX_MS;
    boolean eager = call.streamed() && call.readMs() == 0;
    if (must && eager && client.longestGapMs() > most) {
      world
          .watch()
          .broken(
              Invariant.WAITS,
              "%s waited %,d ms for a token".formatted(call.request(), client.longestGapMs()));
    }
  }

  /** Whether the machine it called at was out of order while it may have been under way. */
  private boolean touched(Call call) {
    long until = call.atMs() + call.maxSeconds() * 1_000L;
    return plan.faults().stream()
        .filter(fault -> fault.machine() == call.machine())
        .filter(
            fault ->
                switch (fault.kind()) {
                  case KILL, PAUSE, CUT -> true;
                  case SLOW, CRASH, SILENCE, SICK, DRAIN -> false;
                })
        .anyMatch(fault -> fault.atMs() <= until && fault.endMs() + 5_000 >= call.atMs());
  }

  /** Each probe is one attempt, and those under way when the breaker opened are not its fault. */
  private void judgeSickness() {
    var breaker = world.settings().promised().breaker();
    long probes = 2 + plan.workMs() / breaker.most().toMillis() + 2;
    long most = breaker.failures() + plan.slots() + probes;
    world
        .watch()
        .sickAttempts()
        .forEach(
            (model, count) -> {
              if (count > most) {
                world
                    .watch()
                    .broken(
                        Invariant.SPARED,
                        "%d attempts broke at %s of %s"
                            .formatted(count, model.facts().id(), model.machine()));
              }
            });
  }
}
