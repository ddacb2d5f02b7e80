package org.brokecluster.protocol.state;

import java.util.Map;

/**
 * How full the router is.
 *
 * @param bound requests that may wait in all
 * @param concurrency answers that may be made at once in the cluster
 * @param waitingByClass requests that wait, by class; classes without any are left out
 * @param waitingByNode requests that wait for a node, by its name; at most 50 nodes
 * @param oldestMs how long the one that came first has waited, in whole seconds, 0 if none waits
 * @param retriesLeft retries the budget affords now; below 0 while it is overdrawn
 * @param retriesDenied retries that were denied since the term began
 * @param breakersOpen models on nodes that are left alone after failures
 * @param prefixes beginnings of prompts that are remembered, for all caches together
 */
public record QueueStatus(
    int bound,
    int concurrency,
    Map<String, Integer> waitingByClass,
    Map<String, Integer> waitingByNode,
    long oldestMs,
    int retriesLeft,
    long retriesDenied,
    int breakersOpen,
    int prefixes) {
  /** Copies the maps. */
  public QueueStatus {
    waitingByClass = Map.copyOf(waitingByClass);
    waitingByNode = Map.copyOf(waitingByNode);
  }
}
