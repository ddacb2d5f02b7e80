package org.brokecluster.node.attempt;

import java.util.concurrent.TimeUnit;
import org.brokecluster.node.models.Measurement;
import org.brokecluster.protocol.model.Usage;

/**
 * When the phases of an attempt began, on this machine's monotonic clock. Not thread safe.
 *
 * <p>Waited: from the complete prompt to the slot; load: to the model's readiness; prefill: to the
 * first chunk; decode: to the last one.
 */
public final class Stopwatch {
  private long promptNanos;
  private long slotNanos;
  private long startNanos;
  private long firstNanos;
  private long lastNanos;

  /** The prompt is complete. */
  public void prompted(long now) {
    promptNanos = now;
  }

  /** A slot is given. */
  public void slotted(long now) {
    slotNanos = now;
  }

  /** The runtime starts. */
  public void started(long now) {
    startNanos = now;
  }

  /** The runtime has ended. */
  public void ended(ChunkInbox inbox, long now) {
    firstNanos = inbox.firstNanos(now);
    lastNanos = inbox.lastNanos(now);
  }

  /** Milliseconds without a slot. */
  public long waitedMs() {
    return millis(slotNanos - promptNanos);
  }

  /** Milliseconds of loading. */
  public long loadMs() {
    return millis(startNanos - slotNanos);
  }

  /** Milliseconds to the first chunk, or to the end of an answer without any. */
  public long prefillMs() {
    return millis(firstNanos - startNanos);
  }

  /** Milliseconds from the first to the last chunk. */
  public long decodeMs() {
    return millis(lastNanos - firstNanos);
  }

  /** What the answer took, to learn the model's speed from. */
  public Measurement measurement(Usage usage) {
    return new Measurement(usage, firstNanos - startNanos, lastNanos - firstNanos);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
