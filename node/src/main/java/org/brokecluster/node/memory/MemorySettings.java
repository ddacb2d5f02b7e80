package org.brokecluster.node.memory;

import java.util.OptionalLong;
import org.brokecluster.shared.config.SettingsReader;

/**
 * What the operator says about memory, from the {@code broke.node} section.
 *
 * @param ownerShare share of physical memory that models never take, 0 to 0.9
 * @param maxBytes most that models may take, in place of that share
 * @param slots streams a model gets at most where its runtime works on several at once
 * @param tokensPerSlot KV cache set aside for each stream, in tokens
 * @param promptCacheBytes KV cache of earlier prompts that a model may keep
 * @param overheadBytes work space of one model's process
 */
public record MemorySettings(
    double ownerShare,
    OptionalLong maxBytes,
    int slots,
    int tokensPerSlot,
    long promptCacheBytes,
    long overheadBytes) {
  private static final long GIB = 1L << 30;
  private static final String MAX = "broke.node.max-memory";

  /** Reads the keys. */
  public static MemorySettings read(SettingsReader reader) {
    var max =
        reader.optionalText(MAX).isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(reader.bytes(MAX, GIB / 4, GIB << 13));
    return new MemorySettings(
        reader.number("broke.node.owner-share", 0, 0.9),
        max,
        reader.integer("broke.node.model-slots", 1, 64),
        reader.integer("broke.node.kv-tokens-per-slot", 256, 1 << 20),
        reader.bytes("broke.node.prompt-cache", 0, GIB << 10),
        reader.bytes("broke.node.process-overhead", 0, GIB << 6));
  }
}
