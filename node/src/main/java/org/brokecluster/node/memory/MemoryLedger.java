package org.brokecluster.node.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.brokecluster.protocol.id.ModelId;

/**
 * What models hold of the machine's memory: what was set aside when each was loaded, and the KV
 * cache that long prompts take beyond it while they run. Thread safe, never blocks, calls nobody.
 */
public final class MemoryLedger {
  private final MemoryLimit limit;
  private final Map<ModelId, Long> held = new HashMap<>();
  private final Map<ModelId, Long> grown = new HashMap<>();
  private OptionalLong available = OptionalLong.empty();

  /** An empty account. */
  public MemoryLedger(MemoryLimit limit) {
    this.limit = limit;
  }

  /** What models may take. */
  public MemoryLimit limit() {
    return limit;
  }

  /** Replaces what is set aside for the models in memory or on their way there. */
  public synchronized void hold(Map<ModelId, Long> bytes) {
    held.clear();
    held.putAll(bytes);
  }

  /**
   * What the system can still give while it is short of memory; nothing while it is not. Other
   * programs may hold what was meant for models.
   */
  public synchronized OptionalLong available() {
    return available;
  }

  /** Replaces {@link #available}. */
  public synchronized void available(OptionalLong bytes) {
    available = bytes;
  }

  /** Bytes that nobody holds; below 0 where too much is taken, 0 where no limit is known. */
  public synchronized long free() {
    if (!limit.known()) {
      return 0;
    }
    long free = limit.bytes() - taken();
    return Math.min(free, available.orElse(free));
  }

  /** Bytes that models hold or have been promised. */
  public synchronized long taken() {
    return sum(held) + sum(grown);
  }

  /** Bytes set aside for a model, 0 if none are. */
  public synchronized long held(ModelId model) {
    return held.getOrDefault(model, 0L);
  }

  /** Bytes a model's running prompts hold beyond what was set aside for it. */
  public synchronized long grown(ModelId model) {
    return grown.getOrDefault(model, 0L);
  }

  /**
   * Takes further cache for a model's running prompts.
   *
   * @return whether there was room; if not, nothing was taken
   */
  public synchronized boolean grow(ModelId model, long bytes) {
    if (limit.known() && bytes > free()) {
      return false;
    }
    grown.merge(model, bytes, Long::sum);
    return true;
  }

  /** Gives back what {@link #grow} took. */
  public synchronized void shrink(ModelId model, long bytes) {
    grown.computeIfPresent(model, (id, before) -> before > bytes ? before - bytes : null);
  }

  private static long sum(Map<ModelId, Long> map) {
    return map.values().stream().mapToLong(Long::longValue).sum();
  }
}
