package org.brokecluster.coordinator.http.api;

import java.util.Map;
import org.brokecluster.protocol.state.RouterStatus;
import org.jspecify.annotations.Nullable;

/**
 * The queue at the router, as one edge knows it.
 *
 * @param waiting requests that wait for a place
 * @param bound requests that may wait
 * @param oldestMs how long the one that came first has waited
 * @param waitingByClass by class: {@code interactive}, {@code agent}, {@code batch}
 * @param waitingByModel by what they asked for
 * @param waitingByNode by the node they wait for
 * @param running answers that are made
 * @param concurrency answers that may be made at once
 * @param retriesLeft retries the budget affords
 * @param retriesDenied retries denied since the router began
 * @param breakersOpen models on nodes that are left alone after failures
 * @param prefixes beginnings of prompts remembered for the models' caches
 */
public record QueueEntry(
    int waiting,
    int bound,
    long oldestMs,
    Map<String, Integer> waitingByClass,
    Map<String, Integer> waitingByModel,
    Map<String, Integer> waitingByNode,
    int running,
    int concurrency,
    int retriesLeft,
    long retriesDenied,
    int breakersOpen,
    int prefixes) {
  /** Copies the maps. */
  public QueueEntry {
    waitingByClass = Map.copyOf(waitingByClass);
    waitingByModel = Map.copyOf(waitingByModel);
    waitingByNode = Map.copyOf(waitingByNode);
  }

  /** From the router's latest word; null if there is none, or it says nothing of its queue. */
  public static @Nullable QueueEntry of(@Nullable RouterStatus router) {
    var queue = router == null ? null : router.queue();
    return router == null || queue == null
        ? null
        : new QueueEntry(
            router.queued(),
            queue.bound(),
            queue.oldestMs(),
            queue.waitingByClass(),
            router.queuedByModel(),
            queue.waitingByNode(),
            router.running(),
            queue.concurrency(),
            queue.retriesLeft(),
            queue.retriesDenied(),
            queue.breakersOpen(),
            queue.prefixes());
  }
}
