package org.brokecluster.protocol.router;

import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.ResumeWay;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended, as the edge saw it; the router turns it into events. All times are
 * durations measured on one machine.
 *
 * @param last whether the request ended with this attempt
 * @param model model that was tried, absent if none was placed
 * @param finishReason OpenAI's finish reason of a completed answer
 * @param error code and message of a failure, free of the client's text
 * @param firstTokenMs from the client's call to the first token handed to the client
 * @param totalMs from the client's call to this end
 * @param decodeMs from first to last token
 * @param failure class of the failure, or null if there was none
 * @param resumed how this attempt went on from an earlier one, or null if it began anew
 * @param retryAfterMs how long the runtime asked to be left alone, or null if it did not
 */
public record AttemptReport(
    AttemptId attempt,
    AttemptOutcome outcome,
    boolean last,
    @Nullable ModelId model,
    @Nullable NodeId node,
    @Nullable String finishReason,
    @Nullable String error,
    Usage usage,
    @Nullable Long firstTokenMs,
    long totalMs,
    @Nullable Long decodeMs,
    AttemptFailure.@Nullable Kind failure,
    @Nullable ResumeWay resumed,
    @Nullable Long retryAfterMs) {

  /** Of a runtime that did not ask to be left alone. */
  public AttemptReport(
      AttemptId attempt,
      AttemptOutcome outcome,
      boolean last,
      @Nullable ModelId model,
      @Nullable NodeId node,
      @Nullable String finishReason,
      @Nullable String error,
      Usage usage,
      @Nullable Long firstTokenMs,
      long totalMs,
      @Nullable Long decodeMs,
      AttemptFailure.@Nullable Kind failure,
      @Nullable ResumeWay resumed) {
    this(
        attempt,
        outcome,
        last,
        model,
        node,
        finishReason,
        error,
        usage,
        firstTokenMs,
        totalMs,
        decodeMs,
        failure,
        resumed,
        null);
  }

  /** The same with what the runtime asked for; null if it asked for nothing. */
  public AttemptReport leavingAlone(@Nullable Long forMs) {
    return new AttemptReport(
        attempt,
        outcome,
        last,
        model,
        node,
        finishReason,
        error,
        usage,
        firstTokenMs,
        totalMs,
        decodeMs,
        failure,
        resumed,
        forMs);
  }
}
