package org.brokecluster.node.runtime;

import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Api;

/**
 * What a runtime is to answer.
 *
 * @param body the client's JSON body in UTF-8, validated by the edge; its {@code model} is whatever
 *     the client wrote
 * @param emitted text the client has received from an earlier attempt, to be continued; else empty
 * @param emittedTokens how many tokens that is about, to be taken off the answer's limit
 */
// The body is handed over, never changed: a copy of megabytes would buy nothing.
@SuppressWarnings("ArrayRecordComponent")
public record Prompt(
    AttemptId attempt,
    Api api,
    ModelId model,
    byte[] body,
    String emitted,
    int emittedTokens,
    int expectedTokens) {
  /** Shows lengths only: prompts never reach a log. */
  @Override
  public String toString() {
    return "Prompt[%s %s %s %d bytes, %d emitted]"
        .formatted(attempt, api, model, body.length, emitted.length());
  }
}
