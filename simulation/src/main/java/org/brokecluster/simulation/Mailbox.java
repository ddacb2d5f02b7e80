package org.brokecluster.simulation;

import org.brokecluster.coordinator.routing.EdgeAddress;

/** Where one actor of one membership gets its messages. */
final class Mailbox implements EdgeAddress {
  private final int id;
  private final String name;
  private final Membership in;
  private boolean closed;

  Mailbox(int id, String name, Membership in) {
    this.id = id;
    this.name = name;
    this.in = in;
  }

  int id() {
    return id;
  }

  Membership in() {
    return in;
  }

  Machine machine() {
    return in.machine();
  }

  /** Its actor stops: what still comes is lost. */
  void close() {
    closed = true;
  }

  boolean open() {
    return !closed && !in.ended();
  }

  @Override
  public String member() {
    return in.toString();
  }

  /** The same in every run, so that maps have the same order in every run. */
  @Override
  public int hashCode() {
    return id;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public String toString() {
    return name + "@" + in;
  }
}
