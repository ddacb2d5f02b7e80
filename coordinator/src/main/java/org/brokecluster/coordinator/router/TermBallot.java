package org.brokecluster.coordinator.router;

import java.util.HashMap;
import java.util.Map;
import org.brokecluster.protocol.id.NodeId;

/**
 * Answers of the coordinators to one question about terms. Any two majorities share a coordinator,
 * so a term that a majority keeps is found by every later majority. Pure; not thread safe.
 */
public final class TermBallot {
  /** More terms than routers take while one coordinator hears nothing of the others. */
  private static final long LEAP = 1_000;

  private final int coordinators;
  private final Map<NodeId, Boolean> storedBy = new HashMap<>();
  private long highest;

  /** For a cluster with so many coordinators, 1 or 3. */
  public TermBallot(int coordinators) {
    this.coordinators = coordinators;
  }

  /** Takes an answer; a coordinator that answers again replaces its answer. */
  public void answered(NodeId coordinator, long kept, boolean stored) {
    storedBy.put(coordinator, stored);
    highest = Math.max(highest, kept);
  }

  /** Whether no further answer can change what to do. */
  public boolean complete() {
    return majority() || storedBy.size() >= coordinators;
  }

  /** Whether a majority of all coordinators keeps what it said on disk. */
  public boolean majority() {
    return storedBy.values().stream().filter(stored -> stored).count() > coordinators / 2;
  }

  /** Highest term anybody knows, 0 for none. */
  public long highest() {
    return highest;
  }

  /**
   * A term below which none is free: the highest that is known or, where no majority has answered,
   * one that leaps over every term that may have been taken meanwhile.
   */
  public long safeFloor() {
    return majority() ? highest : highest + LEAP;
  }
}
