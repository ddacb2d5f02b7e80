package org.brokecluster.node.runtime.answer;

import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;

/** Listens to a tiny answer, which proves that its model is loaded. */
public final class LoadProof implements GenerationListener {
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final ModelId model;
  private final DoubleConsumer progress;

  /**
   * A proof still to come.
   *
   * @param progress told 1 once it is there
   */
  public LoadProof(ModelId model, DoubleConsumer progress) {
    this.model = model;
    this.progress = progress;
  }

  /** The proof, or a {@link LoadException} that says why there is none. */
  public CompletableFuture<Void> done() {
    return done;
  }

  @Override
  public void onPrefill(double share) {
    // A sign of life is no proof: some servers send it before the model is loaded.
  }

  @Override
  public void onChunk(TokenChunk chunk) {
    // The end will tell.
  }

  @Override
  public void onEnd(FinishReason reason, Usage usage) {
    progress.accept(1);
    done.complete(null);
  }

  @Override
  public void onFailure(AttemptFailure failure) {
    done.completeExceptionally(
        new LoadException("model does not load: model=%s: %s".formatted(model, failure.message())));
  }
}
