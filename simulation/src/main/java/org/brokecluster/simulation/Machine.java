package org.brokecluster.simulation;

import java.util.ArrayDeque;
import org.brokecluster.protocol.id.NodeId;
import org.jspecify.annotations.Nullable;

/** One simulated Mac with at most one process on it, which can be killed, stopped and slowed. */
final class Machine {
  private record Held(Object what, Runnable step) {}

  private final int index;
  private final NodeId name;
  private final Timeline time;
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private int boot;
  private boolean running;
  private boolean paused;
  private double slowness = 1;
  private long awakeSinceMs;
  private long termOnDisk;
  private @Nullable Membership membership;

  Machine(int index, Timeline time) {
    this.index = index;
    this.name = NodeId.of("mac-" + (index + 1));
    this.time = time;
  }

  int index() {
    return index;
  }

  NodeId name() {
    return name;
  }

  /** Counts the processes this machine has had. */
  int boot() {
    return boot;
  }

  /** Starts a process. */
  void start() {
    awakeSinceMs = time.nowMs();
    boot++;
    running = true;
    paused = false;
    held.clear();
  }

  /** As by {@code kill -9}: nothing of the process happens any more. */
  void kill() {
    boot++;
    running = false;
    paused = false;
    held.clear();
    if (membership != null) {
      membership.end();
      membership = null;
    }
  }

  /** As by SIGSTOP: what is due is held. */
  void pause() {
    paused = running;
  }

  /** As by SIGCONT: what was held happens now, in its order. */
  void resume() {
    if (!paused) {
      return;
    }
    paused = false;
    awakeSinceMs = time.nowMs();
    int sleeper = boot;
    for (var each = held.poll(); each != null; each = held.poll()) {
      var next = each;
      time.after(0, next.what(), () -> run(sleeper, next.what(), next.step()));
    }
  }

  boolean running() {
    return running;
  }

  /** Since when its process runs without having been stopped. */
  long awakeSinceMs() {
    return awakeSinceMs;
  }

  /** The time of now. */
  long nowMs() {
    return time.nowMs();
  }

  /** Whether it runs and is not stopped. */
  boolean awake() {
    return running && !paused;
  }

  /** Runs a step of a process now, later if it is stopped, or never if it is gone. */
  void run(int process, Object what, Runnable step) {
    if (!running || process != boot) {
      return;
    }
    if (paused) {
      held.add(new Held(what, step));
    } else {
      step.run();
    }
  }

  /** Plans a step of the process that runs now. */
  void after(long delayMs, Object what, Runnable step) {
    int process = boot;
    time.after(delayMs, what, () -> run(process, what, step));
  }

  /** How many times longer than usual everything takes that a model does. */
  double slowness() {
    return slowness;
  }

  void slow(double factor) {
    slowness = factor;
  }

  /** Highest term in the data folder, which survives processes. */
  long termOnDisk() {
    return termOnDisk;
  }

  void termOnDisk(long term) {
    termOnDisk = Math.max(termOnDisk, term);
  }

  /** The membership of the process that runs, if it has one. */
  @Nullable Membership membership() {
    return membership;
  }

  void membership(@Nullable Membership next) {
    membership = next;
  }

  @Override
  public String toString() {
    return name.value();
  }
}
