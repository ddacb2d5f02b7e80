package org.brokecluster.node.runtime.openai;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request as a runtime gets it.
 *
 * @param tokenLimit the client's own limit of the answer, or null
 * @param oneToolCall whether the client wants no second tool call, which the runtime does not know
 */
// The array is handed over, never changed.
@SuppressWarnings("ArrayRecordComponent")
record AdaptedRequest(byte[] body, @Nullable Integer tokenLimit, boolean oneToolCall) {
  /** The body as text. */
  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Shows no text of the prompt. */
  @Override
  public String toString() {
    return "AdaptedRequest[%d bytes]".formatted(body.length);
  }
}
