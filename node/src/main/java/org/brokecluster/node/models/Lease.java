package org.brokecluster.node.models;

import java.util.concurrent.CompletionStage;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.Prompt;

/** One attempt's claim on a model: while it is held the model is loaded and stays so. */
public interface Lease extends AutoCloseable {
  /**
   * Completes when the model answers; fails with {@link
   * org.brokecluster.node.runtime.LoadException} if it cannot be loaded.
   */
  CompletionStage<Void> ready();

  /** Starts the answer; once, after {@link #ready}. */
  Generation start(Prompt prompt, GenerationListener listener);

  /** The answer was whole: what its time shows of the model's speed is learned. */
  void measured(Measurement measurement);

  /** Gives the claim back; harmless when called again. */
  @Override
  void close();
}
