package org.brokecluster.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/** Remembers what it hears and checks that the contract of listeners is kept. */
public final class RecordingListener implements GenerationListener {
  private static final long PATIENCE_SECONDS = 60;

  private final List<Double> prefill = new CopyOnWriteArrayList<>();
  private final List<TokenChunk> chunks = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Semaphore arrivals = new Semaphore(0);
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger ends = new AtomicInteger();
  private volatile @Nullable FinishReason reason;
  private volatile @Nullable Usage usage;
  private volatile @Nullable AttemptFailure failure;

  @Override
  public void onPrefill(double share) {
    alone(() -> prefill.add(share));
  }

  @Override
  public void onChunk(TokenChunk chunk) {
    alone(
        () -> {
          chunks.add(chunk);
          arrivals.release();
        });
  }

  @Override
  public void onEnd(FinishReason why, Usage counted) {
    alone(
        () -> {
          reason = why;
          usage = counted;
          ended();
        });
  }

  @Override
  public void onFailure(AttemptFailure why) {
    alone(
        () -> {
          failure = why;
          ended();
        });
  }

  /** Waits for the end, good or bad. */
  public RecordingListener awaitOver() {
    try {
      assertThat(over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("ends in time").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return this;
  }

  /** Waits for so many further chunks. */
  public RecordingListener awaitChunks(int count) {
    try {
      assertThat(arrivals.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("chunks come in time, so far %s, failure %s", chunks.size(), failure)
          .isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return this;
  }

  /** Shares of the prompt it was told. */
  public List<Double> prefill() {
    return List.copyOf(prefill);
  }

  /** All chunks so far. */
  public List<TokenChunk> chunks() {
    return List.copyOf(chunks);
  }

  /** Text of the chunks of a kind. */
  public String text(TokenChunk.Kind kind) {
    return chunks.stream()
        .filter(chunk -> chunk.kind() == kind)
        .map(TokenChunk::text)
        .collect(Collectors.joining());
  }

  /** The answer's text. */
  public String content() {
    return text(TokenChunk.Kind.CONTENT);
  }

  /** Whether it has heard an end. */
  public boolean isOver() {
    return ends.get() > 0;
  }

  /** Whether it has heard a good end. */
  public boolean endedWell() {
    return reason != null;
  }

  /** How it ended well. */
  public FinishReason reason() {
    var known = reason;
    if (known == null) {
      throw new AssertionError("no good end, failure " + failure);
    }
    return known;
  }

  /** The counts at its good end. */
  public Usage usage() {
    var known = usage;
    if (known == null) {
      throw new AssertionError("no good end, failure " + failure);
    }
    return known;
  }

  /** How it failed. */
  public AttemptFailure failure() {
    var known = failure;
    if (known == null) {
      throw new AssertionError("no failure, reason " + reason);
    }
    return known;
  }

  private void ended() {
    assertThat(ends.incrementAndGet()).as("ends").isEqualTo(1);
    over.countDown();
  }

  private void alone(Runnable task) {
    assertThat(inside.incrementAndGet()).as("callers at once").isEqualTo(1);
    assertThat(over.getCount()).as("calls behind the end").isEqualTo(1);
    task.run();
    inside.decrementAndGet();
  }
}
