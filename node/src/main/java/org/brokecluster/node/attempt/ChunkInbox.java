package org.brokecluster.node.attempt;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * Where a runtime's thread leaves what it makes, and the attempt's actor fetches it: one wake-up
 * however many chunks have gathered. Bounded by what the attempt requests from the generation.
 *
 * <p>Thread safe.
 */
public final class ChunkInbox implements GenerationListener {
  /** How a generation ended well. */
  public record End(FinishReason reason, Usage usage) {}

  /**
   * What has gathered.
   *
   * @param prefill share of the prompt that is read, negative if unknown; null if not told anew
   * @param end set when the answer is whole
   * @param failure set when the answer broke
   */
  public record Content(
      List<TokenChunk> chunks,
      @Nullable Double prefill,
      @Nullable End end,
      @Nullable AttemptFailure failure) {}

  private final Runnable wake;
  private final LongSupplier nanoTime;
  private List<TokenChunk> chunks = new ArrayList<>();
  private @Nullable Double prefill;
  private @Nullable End end;
  private @Nullable AttemptFailure failure;
  private boolean awake;
  private long firstNanos;
  private long lastNanos;
  private boolean any;

  /**
   * An empty inbox.
   *
   * @param wake called from the runtime's thread when there is something to fetch; never blocks
   */
  public ChunkInbox(Runnable wake, LongSupplier nanoTime) {
    this.wake = wake;
    this.nanoTime = nanoTime;
  }

  @Override
  public void onPrefill(double share) {
    put(() -> prefill = share);
  }

  @Override
  public void onChunk(TokenChunk chunk) {
    long now = nanoTime.getAsLong();
    put(
        () -> {
          if (!any) {
            any = true;
            firstNanos = now;
          }
          lastNanos = now;
          chunks.add(chunk);
        });
  }

  @Override
  public void onEnd(FinishReason reason, Usage usage) {
    put(() -> end = new End(reason, usage));
  }

  @Override
  public void onFailure(AttemptFailure broken) {
    put(() -> failure = broken);
  }

  private void put(Runnable change) {
    boolean call;
    synchronized (this) {
      change.run();
      call = !awake;
      awake = true;
    }
    if (call) {
      wake.run();
    }
  }

  /** Fetches everything; the next thing that comes wakes again. */
  public synchronized Content take() {
    var content = new Content(chunks, prefill, end, failure);
    chunks = new ArrayList<>();
    prefill = null;
    end = null;
    failure = null;
    awake = false;
    return content;
  }

  /** When the first chunk came, or the given time if none has. */
  public synchronized long firstNanos(long otherwise) {
    return any ? firstNanos : otherwise;
  }

  /** When the latest chunk came, or the given time if none has. */
  public synchronized long lastNanos(long otherwise) {
    return any ? lastNanos : otherwise;
  }
}
