package org.brokecluster.node.memory;

import org.brokecluster.protocol.id.ModelId;

/**
 * A model in memory, and what speaks for keeping it there.
 *
 * @param bytes all it takes now
 * @param pinned whether the operator wants it to stay
 * @param users attempts that use it or wait for it
 * @param movable whether it can be unloaded at all
 * @param idleSeconds time since it was last used
 * @param demand uses in the recent past, older ones counting less
 * @param loadSeconds what loading it again would take
 */
public record Resident(
    ModelId id,
    long bytes,
    boolean pinned,
    int users,
    boolean movable,
    double idleSeconds,
    double demand,
    double loadSeconds) {
  private static final double RECENT_SECONDS = 600;

  /** Whether it may go to make room. */
  boolean mayGo() {
    return movable && !pinned && users == 0;
  }

  /**
   * What keeping it is worth: the seconds of loading that it is likely to save soon. A model used
   * lately counts as likely to be used once more even if it was used only once.
   */
  double worth() {
    double recency = 1 / (1 + Math.max(0, idleSeconds) / RECENT_SECONDS);
    return (Math.max(0, demand) + recency) * (1 + Math.max(0, loadSeconds));
  }

  /** For people: name, size, and why it stays. */
  String sentence() {
    var why = !movable ? "" : users > 0 ? ", in use" : pinned ? ", pinned" : ", idle";
    return "%s (%s%s)".formatted(id, Gigabytes.of(bytes), why);
  }
}
