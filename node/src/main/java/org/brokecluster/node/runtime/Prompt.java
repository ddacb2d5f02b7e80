package org.brokecluster.node.runtime;

import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Api;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime is to answer.
 *
 * @param body the client's JSON body in UTF-8, validated by the edge; its {@code model} is whatever
 *     the client wrote
 * @param emitted text the client has received from an earlier attempt, to be continued; else empty
 * @param emittedTokens how many tokens that is about, to be taken off the answer's limit
 * @param spoken the part of a chat's answer behind which the rendered chat goes on as a text
 *     completion; null for everything else, and then nothing is {@code emitted}
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
    int expectedTokens,
    @Nullable Spoken spoken) {
  /** A prompt that is asked as it is, or has emitted text the runtime itself goes on behind. */
  public Prompt(
      AttemptId attempt,
      Api api,
      ModelId model,
      byte[] body,
      String emitted,
      int emittedTokens,
      int expectedTokens) {
    this(attempt, api, model, body, emitted, emittedTokens, expectedTokens, null);
  }

  /** Characters of the answer the client has already. */
  public int emittedLength() {
    return emitted.length() + (spoken == null ? 0 : spoken.length());
  }

  /** Shows lengths only: prompts never reach a log. */
  @Override
  public String toString() {
    return "Prompt[%s %s %s %d bytes, %d emitted]"
        .formatted(attempt, api, model, body.length, emittedLength());
  }
}
