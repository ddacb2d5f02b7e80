package org.brokecluster.coordinator.request;

import java.util.List;
import org.brokecluster.protocol.node.TokenChunk;

/** What a client has received of a stream. Bounded; used by one request. */
final class AnswerSoFar {
  private final int textMax;
  private final StringBuilder reasoning = new StringBuilder();
  private final StringBuilder content = new StringBuilder();
  private int pieces;
  private boolean begun;
  private boolean toolCalled;
  private boolean overflown;

  /** Nothing yet; at most so many characters are kept. */
  AnswerSoFar(int textMax) {
    this.textMax = textMax;
  }

  /** Adds what is handed to the client, so many tokens in all. */
  void add(List<TokenChunk> chunks, int tokens) {
    pieces += tokens;
    for (var chunk : chunks) {
      switch (chunk.kind()) {
        case CONTENT -> add(content, chunk);
        case REASONING -> add(reasoning, chunk);
        case TOOL_CALL -> toolCalled = true;
        case LOGPROBS -> {} // belongs to the piece before
      }
    }
  }

  private void add(StringBuilder text, TokenChunk chunk) {
    begun = true;
    if (overflown || reasoning.length() + content.length() + chunk.text().length() > textMax) {
      overflown = true;
      content.setLength(0);
      reasoning.setLength(0);
    } else {
      text.append(chunk.text());
    }
  }

  /** Whether the client has anything. */
  boolean begun() {
    return begun || toolCalled;
  }

  /** Pieces the client has, about one token each. */
  int pieces() {
    return pieces;
  }

  boolean toolCalled() {
    return toolCalled;
  }

  /** Whether more was sent than is kept. */
  boolean overflown() {
    return overflown;
  }

  String reasoning() {
    return reasoning.toString();
  }

  String content() {
    return content.toString();
  }

  boolean hasReasoning() {
    return !reasoning.isEmpty();
  }
}
