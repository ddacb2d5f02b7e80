package org.brokecluster.simulation.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One run: a load, a fleet and a policy under virtual time. Not thread safe. */
final class Stage {
  private static final double TICK_MS = 250;
  private static final double NOTICE_MS = 1_000;
  private static final double HERE_MEAN_MS = 15 * 60_000;
  private static final double AWAY_MEAN_MS = 3 * 60_000;

  private final List<Mac> macs;
  private final Load.Run load;
  private final Policy policy;
  private final Tally tally;
  private final Random lids;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingDouble(Event::atMs).thenComparingLong(Event::number));
  private final Map<Mac, Long> planned = new HashMap<>();
  private final Map<Mac, List<Task>> lost = new HashMap<>();
  private double nowMs;
  private long numbers;
  private int open;
  private int toCome;

  /** Something that happens. */
  private record Event(double atMs, long number, Runnable step) {}

  Stage(Fleet fleet, Load.Run load, Policy policy, long seed) {
    this.macs = fleet.macs().stream().map(Mac::new).toList();
    this.load = load;
    this.policy = policy;
    this.tally = new Tally(fleet.slots());
    this.lids = new Random(seed * 31 + 7);
  }

  /**
   * Plays until everything that came is answered.
   *
   * @param waitingMost requests that may wait; with one more the run is given up as overloaded
   */
  Tally play(int waitingMost) {
    policy.begin(this);
    var arrivals = load.arrivals();
    toCome = arrivals.size();
    arrivals.forEach(job -> comesLater(job, true));
    macs.stream().filter(mac -> mac.spec().leaves()).forEach(this::leavesLater);
    tickLater();
    while ((open > 0 || toCome > 0) && tally.lastWaiting() <= waitingMost) {
      var event = events.remove();
      nowMs = event.atMs();
      event.step().run();
    }
    return tally;
  }

  double nowMs() {
    return nowMs;
  }

  List<Mac> macs() {
    return macs;
  }

  /** Whether a Mac can be given requests, as far as anybody has noticed. */
  boolean known(Mac mac) {
    return !mac.away() || lost.containsKey(mac);
  }

  /** Gives a Mac a request; one whose lid is closed loses it. */
  void give(Job job, int attempt, Mac mac) {
    var task = new Task(job, attempt, mac, nowMs);
    if (mac.away()) {
      var gone = lost.get(mac);
      if (gone == null) {
        throw new IllegalStateException(mac.name() + " is known to be away");
      }
      gone.add(task);
      return;
    }
    catchUp(mac);
    mac.give(task);
    settle(mac);
  }

  private void later(double atMs, Runnable step) {
    events.add(new Event(atMs, numbers++, step));
  }

  /** A request will come: of itself, or because an answer brings it about. */
  private void comesLater(Job job, boolean ofItself) {
    later(
        (double) job.atMs(),
        () -> {
          toCome--;
          open++;
          tally.came(job, waiting(), ofItself);
          policy.comes(job, 1, null);
        });
  }

  private int waiting() {
    int waiting = policy.waiting();
    for (var mac : macs) {
      for (var task : mac.tasks()) {
        waiting += task.started() ? 0 : 1;
      }
    }
    return waiting;
  }

  private void tickLater() {
    later(
        nowMs + TICK_MS,
        () -> {
          policy.tick();
          tickLater();
        });
  }

  private void catchUp(Mac mac) {
    for (var task : mac.advance(nowMs)) {
      open--;
      tally.answered(task, nowMs);
      var next = load.next(task.job(), Math.round(nowMs));
      if (next != null) {
        toCome++;
        comesLater(next, false);
      }
      policy.ended(task);
    }
  }

  /** Tells of changed models and plans what happens there next. */
  private void settle(Mac mac) {
    if (mac.takeChanged()) {
      policy.changed(mac);
    }
    double next = mac.nextMs();
    long version = planned.merge(mac, 1L, Long::sum);
    if (next < Double.POSITIVE_INFINITY) {
      later(Math.max(nowMs, next), () -> happens(mac, version));
    }
  }

  private void happens(Mac mac, long version) {
    if (planned.getOrDefault(mac, 0L) == version) {
      catchUp(mac);
      settle(mac);
    }
  }

  private void leavesLater(Mac mac) {
    later(nowMs + exponential(HERE_MEAN_MS), () -> leaves(mac));
  }

  private void leaves(Mac mac) {
    catchUp(mac);
    lost.put(mac, new ArrayList<>(mac.leave()));
    planned.merge(mac, 1L, Long::sum);
    later(nowMs + NOTICE_MS, () -> noticed(mac));
    later(nowMs + NOTICE_MS + exponential(AWAY_MEAN_MS), () -> comesBack(mac));
  }

  private void noticed(Mac mac) {
    var gone = lost.remove(mac);
    policy.left(mac);
    for (var task : gone == null ? List.<Task>of() : gone) {
      tally.lost();
      again(task, mac);
    }
  }

  private void again(Task task, @Nullable Mac lostOn) {
    policy.comes(task.job(), task.attempt() + 1, lostOn);
  }

  private void comesBack(Mac mac) {
    mac.comeBack(nowMs);
    settle(mac);
    leavesLater(mac);
  }

  private double exponential(double mean) {
    return -Math.log(1 - lids.nextDouble()) * mean;
  }
}
