package org.brokecluster.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One clustered actor system on a machine, from its joining to its end. */
final class Membership {
  private final Machine machine;
  private final long uid;
  private final int boot;
  private final List<Runnable> atEnd = new ArrayList<>();
  private final Set<Membership> shunned = new HashSet<>();
  private boolean up;
  private boolean removed;
  private boolean ended;
  private long endedMs = -1;
  private long heardMs;

  Membership(Machine machine, long uid, long nowMs) {
    this.machine = machine;
    this.uid = uid;
    this.boot = machine.boot();
    this.heardMs = nowMs;
  }

  Machine machine() {
    return machine;
  }

  /** Grows with each membership of the whole run, so it tells who is older. */
  long uid() {
    return uid;
  }

  int boot() {
    return boot;
  }

  /** Whether the others count it among the full members. */
  boolean up() {
    return up && !removed;
  }

  void isUp() {
    up = true;
  }

  /** Whether the majority has thrown it out; it may not know yet. */
  boolean removed() {
    return removed;
  }

  void remove() {
    removed = true;
  }

  /** It hears that another member was thrown out, and takes nothing from it any more. */
  void shun(Membership gone) {
    shunned.add(gone);
  }

  /** Whether the two still speak to each other. */
  boolean speaksTo(Membership other) {
    return !shunned.contains(other) && !other.shunned.contains(this);
  }

  /** When it ended; negative if it has not. */
  long endedMs() {
    return endedMs;
  }

  /** When the majority last heard of it. */
  long heardMs() {
    return heardMs;
  }

  void heard(long nowMs) {
    heardMs = nowMs;
  }

  boolean ended() {
    return ended;
  }

  /** Adds what is to be stopped with it. */
  void atEnd(Runnable stop) {
    atEnd.add(stop);
  }

  /** Stops all its actors. */
  void end() {
    if (!ended) {
      ended = true;
      endedMs = machine.nowMs();
      if (machine.running() && machine.boot() == boot) {
        atEnd.forEach(Runnable::run);
      }
    }
  }

  @Override
  public int hashCode() {
    return Long.hashCode(uid);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public String toString() {
    return machine + "#" + uid;
  }
}
