package org.brokecluster.protocol.router;

import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Tier;

/**
 * The router's decision for one attempt, as the client is told of it.
 *
 * @param strategy the strategy that decided
 * @param qualityTemperature risk that the answer is not good enough, 0 to 1
 * @param qualityBasis {@code prior}, {@code trained} or {@code calibrated}
 * @param firstTokenMs predicted time from the decision to the first token
 * @param finishMs predicted time from the decision to the last token
 * @param queuedMs time spent in the router's queue
 */
public record Placement(
    ModelId model,
    NodeId node,
    Tier tier,
    String strategy,
    double qualityTemperature,
    String qualityBasis,
    long firstTokenMs,
    long finishMs,
    long queuedMs) {}
