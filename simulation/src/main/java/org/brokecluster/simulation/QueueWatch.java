package org.brokecluster.simulation;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.TrafficClass;

/**
 * Watches one router's queue where everybody waits for the same places: with {@code k} for {@code
 * broke.router.queue.oldest-every-unwatched}, who has waited for {@code ageing} behind {@code n}
 * others is to be served with the {@code k (n + 1)}-th place from then on, or sooner.
 */
final class QueueWatch {
  private static final class Waiting {
    private final long sinceMs;
    private int before = -1;
    private int places;

    private Waiting(long sinceMs) {
      this.sinceMs = sinceMs;
    }
  }

  private final World world;
  private final Map<RequestId, Waiting> waiting = new LinkedHashMap<>();

  QueueWatch(World world) {
    this.world = world;
  }

  /** A request waits, for the first time or still. */
  void waits(RequestId request) {
    waiting.putIfAbsent(request, new Waiting(world.time().nowMs()));
  }

  /** A request waits no more, and has no place. */
  void leaves(RequestId request) {
    waiting.remove(request);
  }

  /** A request gets a place. */
  void served(RequestId request) {
    if (waiting.remove(request) == null || world.plan().kind() != Plan.Kind.CROWD) {
      return;
    }
    var promised = world.settings().promised().queue();
    long now = world.time().nowMs();
    int older = 0;
    for (Iterator<Map.Entry<RequestId, Waiting>> all = waiting.entrySet().iterator();
        all.hasNext(); ) {
      var entry = all.next();
      var each = entry.getValue();
      if (now - each.sinceMs >= promised.ageing(TrafficClass.BATCH).toMillis()) {
        each.before = each.before < 0 ? older : each.before;
        each.places++;
        int most = promised.oldestEvery(TrafficClass.BATCH) * (each.before + 2);
        if (each.places > most) {
          world
              .watch()
              .broken(
                  Invariant.STARVES,
                  "%s has waited %,d ms and seen %d others served since it was old"
                      .formatted(entry.getKey(), now - each.sinceMs, each.places));
        }
      }
      older++;
    }
  }
}
