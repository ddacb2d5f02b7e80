package org.brokecluster.coordinator.content;

import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * One call and its whole answer.
 *
 * @param at when the client called, in milliseconds since 1970
 * @param firstMs from the call to the first token, in milliseconds; null if there was none
 * @param totalMs from the call to the end, in milliseconds
 */
record Recorded(
    ChatCall call,
    RequestFacts facts,
    AnswerText answer,
    @Nullable Placement placement,
    FinishReason finish,
    Usage usage,
    long at,
    @Nullable Long firstMs,
    long totalMs) {
  /** Bytes of memory it takes, roughly. */
  long size() {
    return call.body().length + 2L * answer.size() + 1_000;
  }

  @Override
  public String toString() {
    return "Recorded[" + call.request() + "]";
  }
}
