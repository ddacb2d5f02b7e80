package org.brokecluster.node.runtime.simulated;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Time that a test moves; tasks run at once on the test's thread. */
final class ManualClock implements SimulationClock {
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final List<Repeat> repeats = new ArrayList<>();
  private boolean running;
  private long now;

  private static final class Repeat {
    private final long interval;
    private final Runnable task;
    private long due;

    Repeat(long interval, Runnable task, long due) {
      this.interval = interval;
      this.task = task;
      this.due = due;
    }
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    runTasks();
  }

  @Override
  public Ticking every(Duration interval, Runnable task) {
    var repeat = new Repeat(interval.toNanos(), task, now + interval.toNanos());
    repeats.add(repeat);
    return () -> repeats.remove(repeat);
  }

  @Override
  public void close() {
    repeats.clear();
  }

  /** Whether nothing repeats. */
  boolean asleep() {
    return repeats.isEmpty();
  }

  /** Lets time pass, with all ticks that fall into it. */
  void pass(Duration time) {
    long end = now + time.toNanos();
    while (true) {
      var next =
          repeats.stream()
              .filter(repeat -> repeat.due <= end)
              .min((a, b) -> Long.compare(a.due, b.due));
      if (next.isEmpty()) {
        now = end;
        return;
      }
      now = next.get().due;
      next.get().due += next.get().interval;
      execute(next.get().task);
    }
  }

  /** Lets time jump without a tick, as when the process was stopped. */
  void jump(Duration time) {
    now += time.toNanos();
    repeats.forEach(repeat -> repeat.due = now + repeat.interval);
  }

  private void runTasks() {
    if (running) {
      return;
    }
    running = true;
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
    running = false;
  }
}
