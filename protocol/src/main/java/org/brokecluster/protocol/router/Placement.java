package org.brokecluster.protocol.router;

import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Tier;
import org.jspecify.annotations.Nullable;

/**
 * The router's decision for one attempt, as the client is told of it.
 *
 * @param strategy the strategy that decided
 * @param qualityTemperature risk that the answer is not good enough, 0 to 1
 * @param qualityBasis {@code prior}, {@code trained} or {@code calibrated}
 * @param firstTokenMs predicted time from the decision to the first token
 * @param finishMs predicted time from the decision to the last token
 * @param queuedMs time spent in the router's queue
 * @param promise how far the predicted times may be off, or null if that is not known
 * @param parameters what is filled in for the client, or null for nothing
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
    long queuedMs,
    @Nullable Promise promise,
    @Nullable Parameters parameters) {
  /** A decision without intervals, that fills in nothing. */
  public Placement(
      ModelId model,
      NodeId node,
      Tier tier,
      String strategy,
      double qualityTemperature,
      String qualityBasis,
      long firstTokenMs,
      long finishMs,
      long queuedMs) {
    this(
        model,
        node,
        tier,
        strategy,
        qualityTemperature,
        qualityBasis,
        firstTokenMs,
        finishMs,
        queuedMs,
        null,
        null);
  }
}
