package org.brokecluster.node.runtime.simulated;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;

/** Passes everything on, and takes the answer off a count once when it is over. */
final class CountedListener implements GenerationListener {
  private final GenerationListener listener;
  private final AtomicInteger open;
  private final AtomicBoolean over = new AtomicBoolean();

  CountedListener(GenerationListener listener, AtomicInteger open) {
    this.listener = listener;
    this.open = open;
  }

  /** Takes the answer off the count, once. */
  void over() {
    if (over.compareAndSet(false, true)) {
      open.decrementAndGet();
    }
  }

  @Override
  public void onPrefill(double share) {
    listener.onPrefill(share);
  }

  @Override
  public void onChunk(TokenChunk chunk) {
    listener.onChunk(chunk);
  }

  @Override
  public void onEnd(FinishReason reason, Usage usage) {
    over();
    listener.onEnd(reason, usage);
  }

  @Override
  public void onFailure(AttemptFailure failure) {
    over();
    listener.onFailure(failure);
  }
}
