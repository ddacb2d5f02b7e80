package org.brokecluster.protocol.state;

import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.id.NodeId;

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
    long historyLost)
    implements CborMessage {
  /** Copies the collections. */
  public RouterStatus {
    strategies = List.copyOf(strategies);
    queuedByModel = Map.copyOf(queuedByModel);
    ticketsByNode = Map.copyOf(ticketsByNode);
  }

  /** Requests that wait at the router. */
  public int queued() {
    return queuedByModel.values().stream().mapToInt(Integer::intValue).sum();
  }
}
