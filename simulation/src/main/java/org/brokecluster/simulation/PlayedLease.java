package org.brokecluster.simulation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokecluster.node.models.Lease;
import org.brokecluster.node.models.Measurement;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.Prompt;

/** An attempt's claim on a simulated model. */
final class PlayedLease implements Lease {
  private final PlayedModel model;
  private final int boot;
  private final CompletableFuture<Void> ready;
  private boolean closed;

  PlayedLease(PlayedModel model) {
    this.model = model;
    this.boot = model.machine().boot();
    this.ready = model.claim();
  }

  @Override
  public CompletionStage<Void> ready() {
    return ready;
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    return new PlayedGeneration(model, prompt, listener);
  }

  @Override
  public void measured(Measurement measurement) {
    // The speed of a simulated model is known.
  }

  @Override
  public void close() {
    if (!closed && model.machine().boot() == boot) {
      model.release();
    }
    closed = true;
  }
}
