package org.brokecluster.node.models;

import java.time.Duration;
import java.util.List;
import org.brokecluster.protocol.id.ModelId;

/** Decides which models have been idle for too long to keep their memory. Pure. */
final class IdleUnload {
  private IdleUnload() {}

  /**
   * A model in memory.
   *
   * @param owned whether this node runs its runtime, so that unloading gives the memory back
   * @param users attempts that use it or wait for it
   * @param restingNanos since when nobody has used it, by a monotonic clock
   */
  record Idler(ModelId id, boolean owned, boolean pinned, int users, long restingNanos) {}

  /**
   * The models to unload now, the longest idle first.
   *
   * @param timeout idle time that is allowed; zero for ever
   */
  static List<ModelId> due(List<Idler> idlers, long nowNanos, Duration timeout) {
    if (timeout.isZero()) {
      return List.of();
    }
    return idlers.stream()
        .filter(each -> each.owned() && !each.pinned() && each.users() == 0)
        .filter(each -> nowNanos - each.restingNanos() >= timeout.toNanos())
        .sorted((a, b) -> Long.compare(a.restingNanos() - nowNanos, b.restingNanos() - nowNanos))
        .map(Idler::id)
        .toList();
  }
}
