package org.brokecluster.node.resume;

import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a runtime and an attempt that goes on with an answer. What it keeps back it asks
 * the runtime for again, so that skipped chunks never use up the attempt's allowance. Called by one
 * thread at a time, as its runtime promises.
 */
public abstract sealed class ResumeListener implements GenerationListener
    permits ResumeListener.Through, SeamTrim, SkipEmitted {
  private final GenerationListener out;
  private @Nullable Generation generation;
  private boolean over;

  ResumeListener(GenerationListener out) {
    this.out = out;
  }

  /** Tells which generation to ask for more; before its first chunk is requested. */
  public void attach(Generation begun) {
    generation = begun;
  }

  @Override
  public boolean keepsBack() {
    return true;
  }

  @Override
  public void onPrefill(double share) {
    if (!over) {
      out.onPrefill(share);
    }
  }

  @Override
  public void onChunk(TokenChunk chunk) {
    if (!over) {
      take(chunk);
    }
  }

  @Override
  public void onEnd(FinishReason reason, Usage usage) {
    if (!over && flush()) {
      over = true;
      out.onEnd(reason, usage);
    }
  }

  @Override
  public void onFailure(AttemptFailure failure) {
    if (!over) {
      over = true;
      out.onFailure(failure);
    }
  }

  /** Takes a chunk of the runtime. */
  abstract void take(TokenChunk chunk);

  /**
   * Lets out what is kept back, as the answer is over.
   *
   * @return whether it ends well
   */
  abstract boolean flush();

  final void pass(TokenChunk chunk) {
    out.onChunk(chunk);
  }

  final void prefill(double share) {
    out.onPrefill(share);
  }

  /** A chunk was kept back: the runtime may make another one for it. */
  final void keptBack() {
    if (generation != null) {
      generation.request(1);
    }
  }

  /** The text is not the one the client has: ends the attempt. */
  final void diverged(int same, int all) {
    if (generation != null) {
      generation.cancel();
    }
    onFailure(
        AttemptFailure.of(
            AttemptFailure.Kind.DIVERGED,
            "answer_diverged",
            "made again, the answer departs from what was sent after %d of %d characters"
                .formatted(same, all)));
  }

  /** The runtime makes only what is missing. */
  static final class Through extends ResumeListener {
    Through(GenerationListener out) {
      super(out);
    }

    @Override
    public boolean keepsBack() {
      return false;
    }

    @Override
    void take(TokenChunk chunk) {
      pass(chunk);
    }

    @Override
    boolean flush() {
      return true;
    }
  }
}
