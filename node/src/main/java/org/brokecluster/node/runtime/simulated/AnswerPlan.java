package org.brokecluster.node.runtime.simulated;

import java.util.List;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;

/**
 * A whole answer, one chunk for each token.
 *
 * @param content the answer's text, without tool calls and without what was emitted before
 */
record AnswerPlan(List<TokenChunk> chunks, FinishReason reason, String content) {
  AnswerPlan {
    chunks = List.copyOf(chunks);
  }
}
