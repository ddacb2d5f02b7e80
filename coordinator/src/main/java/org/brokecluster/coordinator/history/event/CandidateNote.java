package org.brokecluster.coordinator.history.event;

import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/**
 * One candidate of a decision, in short.
 *
 * @param score the strategy's score, higher is better
 * @param note why it won or lost
 */
public record CandidateNote(
    ModelId model,
    NodeId node,
    double score,
    long firstTokenMs,
    long finishMs,
    double quality,
    String note) {}
