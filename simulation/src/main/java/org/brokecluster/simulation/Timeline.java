package org.brokecluster.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: what is due happens in the order of its time, and of being planned where that is
 * the same. Nothing else ever happens, so a run is a function of what was planned.
 */
final class Timeline {
  private static final int REMEMBERED = 24;

  /** Something planned. {@code what} is made into text only if somebody wants to read it. */
  private record Entry(long atMs, long order, Object what, Runnable step)
      implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(atMs, other.atMs);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private record Past(long atMs, long number, Object what) {
    @Override
    public String toString() {
      return "#%d %,d ms: %s".formatted(number, atMs, what);
    }
  }

  private final PriorityQueue<Entry> due = new PriorityQueue<>();
  private final ArrayDeque<Past> past = new ArrayDeque<>();
  private final @Nullable Consumer<String> listener;
  private long nowMs;
  private long planned;
  private long steps;

  /** Tells the listener, if there is one, of every step before it is taken. */
  Timeline(@Nullable Consumer<String> listener) {
    this.listener = listener;
  }

  /** Milliseconds since the beginning. */
  long nowMs() {
    return nowMs;
  }

  /** The same in nanoseconds. */
  long nowNanos() {
    return nowMs * 1_000_000;
  }

  /** Steps taken so far. */
  long steps() {
    return steps;
  }

  /** Plans a step; a negative delay counts as none. */
  void after(long delayMs, Object what, Runnable step) {
    due.add(new Entry(nowMs + Math.max(0, delayMs), planned++, what, step));
  }

  /** Takes the next step; false if nothing is planned. */
  boolean step() {
    var next = due.poll();
    if (next == null) {
      return false;
    }
    nowMs = next.atMs();
    steps++;
    if (past.size() == REMEMBERED) {
      past.removeFirst();
    }
    var step = new Past(nowMs, steps, next.what());
    past.addLast(step);
    if (listener != null) {
      listener.accept(step.toString());
    }
    next.step().run();
    return true;
  }

  /** The latest steps, oldest first. */
  List<String> latest() {
    var texts = new ArrayList<String>();
    past.forEach(each -> texts.add(each.toString()));
    return texts;
  }
}
