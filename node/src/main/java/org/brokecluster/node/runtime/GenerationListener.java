package org.brokecluster.node.runtime;

import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;

/**
 * Hears how an answer comes along: any number of signs of life and chunks, then exactly one of
 * {@link #onEnd} and {@link #onFailure}. Called by one thread at a time and never blocks.
 */
public interface GenerationListener {
  /**
   * The runtime gives a sign of life before the first chunk.
   *
   * @param share part of the prompt that is read, 0 to 1, or a negative number if unknown
   */
  void onPrefill(double share);

  /** Whether it keeps chunks back, so that their times say nothing of the runtime's speed. */
  default boolean keepsBack() {
    return false;
  }

  /** A piece of the answer. */
  void onChunk(TokenChunk chunk);

  /** The whole answer was made. */
  void onEnd(FinishReason reason, Usage usage);

  /** The answer broke; chunks so far are good. */
  void onFailure(AttemptFailure failure);
}
