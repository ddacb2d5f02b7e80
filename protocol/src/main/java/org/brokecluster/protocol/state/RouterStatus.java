package org.brokecluster.protocol.state;

import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.id.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What the router tells everybody about itself, gossiped on change, at most once a second. The term
 * in it fences old routers: a reader keeps the status with the highest (term, sequence).
 *
 * @param term number of this router's reign; the next router takes a higher one
 * @param sequence counts the reports of this term, from 1
 * @param coordinator name of the member that runs the router
 * @param strategy strategy in force for requests that name none
 * @param strategies every strategy that can be chosen
 * @param queuedByModel requests waiting for a slot, by what they asked for
 * @param ticketsByNode attempts ticketed and not yet closed, by node
 * @param history state of the routing history in one word: {@code ok}, {@code behind}, {@code gap}
 *     or {@code off}
 * @param historyBacklog events not yet stored
 * @param historyLost events given up since the term began
 * @param queue how full the router is, or null if it does not say
 * @param historyAt where the routing history is kept, or null if it does not say
 * @param learning what it has learned, or null if it does not say
 */
public record RouterStatus(
    int protocolVersion,
    long term,
    long sequence,
    NodeId coordinator,
    String strategy,
    List<String> strategies,
    Map<String, Integer> queuedByModel,
    Map<NodeId, Integer> ticketsByNode,
    String history,
    long historyBacklog,
    long historyLost,
    @Nullable QueueStatus queue,
    @Nullable HistorySite historyAt,
    @Nullable LearningStatus learning)
    implements CborMessage {
  /** Copies the collections. */
  public RouterStatus {
    strategies = List.copyOf(strategies);
    queuedByModel = Map.copyOf(queuedByModel);
    ticketsByNode = Map.copyOf(ticketsByNode);
  }

  /** A router that has nothing to say of its queue yet. */
  public RouterStatus(
      int protocolVersion,
      long term,
      long sequence,
      NodeId coordinator,
      String strategy,
      List<String> strategies,
      Map<String, Integer> queuedByModel,
      Map<NodeId, Integer> ticketsByNode,
      String history,
      long historyBacklog,
      long historyLost) {
    this(
        protocolVersion,
        term,
        sequence,
        coordinator,
        strategy,
        strategies,
        queuedByModel,
        ticketsByNode,
        history,
        historyBacklog,
        historyLost,
        null,
        null,
        null);
  }

  /** Attempts ticketed and not yet closed. */
  public int running() {
    return ticketsByNode.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Requests that wait at the router. */
  public int queued() {
    return queuedByModel.values().stream().mapToInt(Integer::intValue).sum();
  }
}
