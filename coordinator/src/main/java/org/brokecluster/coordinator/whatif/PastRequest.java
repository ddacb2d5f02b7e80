package org.brokecluster.coordinator.whatif;

import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * One recorded request and what became of it. Mutable inside the {@link Recording} that fills it.
 */
final class PastRequest {
  final RequestId id;
  final long atMs;
  final RequestFacts facts;
  @Nullable Placement placement;
  long waitedMs;
  Fate fate = Fate.OPEN;
  @Nullable String model;
  @Nullable String node;
  @Nullable Long firstTokenMs;
  @Nullable Long totalMs;
  @Nullable Long decodeMs;
  long promptTokens;
  long completionTokens;
  long cachedTokens;
  int attempts;
  @Nullable String refusal;

  PastRequest(RequestId id, long atMs, RequestFacts facts) {
    this.id = id;
    this.atMs = atMs;
    this.facts = facts;
  }

  /** How it ended. */
  enum Fate {
    OPEN,
    COMPLETED,
    FAILED,
    CANCELLED,
    REFUSED
  }

  /** Tokens the answer had, or else may be expected to have. */
  long answerTokens() {
    return fate == Fate.COMPLETED ? Math.max(1, completionTokens) : facts.expectedTokens();
  }

  /** Tokens of the prompt that had to be read. */
  long tokensToRead() {
    long all = promptTokens > 0 ? promptTokens : facts.promptTokens();
    return Math.max(1, all - cachedTokens);
  }
}
