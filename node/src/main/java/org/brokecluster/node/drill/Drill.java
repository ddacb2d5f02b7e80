package org.brokecluster.node.drill;

import java.time.Duration;
import org.brokecluster.protocol.node.DrillKind;
import org.jspecify.annotations.Nullable;

/**
 * The drill of one node, at most one at a time: what it closes and slows, and how all of it becomes
 * as it was. Used by the node's actor only, but for its gate.
 */
public final class Drill {
  private static final double FULL = 1;
  private static final double STANDSTILL = 0;

  /** A slow machine is that many times slower than usual. */
  private static final double SLOWER = 8;

  /** Lets the runtimes work at a share of their usual speed. */
  @FunctionalInterface
  public interface Pace {
    /**
     * Does it, from now on.
     *
     * @param share 0 for a standstill to 1 for full speed
     * @return whether any runtime can
     */
    boolean set(double share);
  }

  private final DrillSettings settings;
  private final boolean simulated;
  private final Pace pace;
  private final DrillGate gate;
  private @Nullable DrillKind playing;

  /**
   * No drill yet.
   *
   * @param simulated whether the node only pretends to be a machine
   * @param pace slows the runtimes
   */
  public Drill(DrillSettings settings, boolean simulated, Pace pace) {
    this.settings = settings;
    this.simulated = simulated;
    this.pace = pace;
    this.gate = new DrillGate(settings.keepMax());
  }

  /** What stands between the node and the others. */
  public DrillGate gate() {
    return gate;
  }

  /** Why there can be no such drill now, for people; null if there can. */
  public @Nullable String refusal(DrillKind kind, Duration length) {
    if (!settings.willing(simulated)) {
      return "this machine takes no part in drills; broke.node.drill.allowed = true in its"
          + " cluster.conf would let it";
    }
    if (playing != null) {
      return "a drill is under way here already (%s); wait for its end".formatted(playing.label());
    }
    if (length.compareTo(Duration.ofSeconds(1)) < 0 || length.compareTo(settings.longest()) > 0) {
      return "a drill here takes 1 to %d seconds (broke.node.drill.longest)"
          .formatted(settings.longest().toSeconds());
    }
    return kind == DrillKind.SLOW && !pace.set(FULL)
        ? "only simulated models can be slowed on purpose"
        : null;
  }

  /** Begins one that was not refused. */
  public void begin(DrillKind kind) {
    playing = kind;
    switch (kind) {
      case KILL -> gate.lose();
      case PARTITION -> gate.keep();
      case PAUSE -> {
        gate.keep();
        pace.set(STANDSTILL);
      }
      case SLOW -> pace.set(FULL / SLOWER);
    }
  }

  /** Everything is as before; harmless if no drill is under way. */
  public void end() {
    if (playing != null) {
      playing = null;
      pace.set(FULL);
      gate.open();
    }
  }
}
