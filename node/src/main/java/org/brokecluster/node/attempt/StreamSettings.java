package org.brokecluster.node.attempt;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * Bounds of one attempt, from the {@code broke.node} section.
 *
 * @param promptMax bytes of a prompt, emitted text included
 * @param promptCredit pieces of a prompt that may be on their way
 * @param promptTimeout time without a piece after which an incomplete prompt is given up
 * @param window batches of tokens that may be on their way to the edge
 * @param batchChunks chunks in a batch
 * @param batchBytes bytes of text in a batch of more than one chunk
 * @param bufferBytes text kept while the window is shut
 * @param chunkCredit chunks a runtime may be ahead of the attempt
 * @param ackTimeout time without an acknowledgement after which a shut window is given up
 * @param runtimeSilence time without a sign of life after which a runtime is given up
 */
public record StreamSettings(
    long promptMax,
    int promptCredit,
    Duration promptTimeout,
    int window,
    int batchChunks,
    int batchBytes,
    int bufferBytes,
    int chunkCredit,
    Duration ackTimeout,
    Duration runtimeSilence) {
  private static final int KIB = 1024;
  private static final int BATCH_BYTES_MAX = 64 * KIB;

  /** Reads and checks the keys. */
  public static StreamSettings from(SettingsReader reader) {
    return new StreamSettings(
        reader.bytes("broke.node.prompt-max", 64 * KIB, 512L * KIB * KIB),
        reader.integer("broke.node.prompt-credit", 2, 256),
        reader.duration("broke.node.prompt-timeout", Duration.ofSeconds(1), Duration.ofMinutes(10)),
        reader.integer("broke.node.window", 1, 256),
        reader.integer("broke.node.batch-chunks", 1, 1024),
        (int) reader.bytes("broke.node.batch-bytes", KIB, BATCH_BYTES_MAX),
        (int) reader.bytes("broke.node.stream-buffer", 64 * KIB, 64L * KIB * KIB),
        reader.integer("broke.node.chunk-credit", 16, 4096),
        reader.duration("broke.node.ack-timeout", Duration.ofSeconds(1), Duration.ofHours(1)),
        reader.duration("broke.node.runtime-silence", Duration.ofSeconds(5), Duration.ofHours(4)));
  }
}
