package org.brokecluster.node.memory;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a model's process is to use its memory, so that it keeps to what was set aside for it.
 *
 * @param footprint what is set aside
 * @param slots streams side by side, at least 1
 * @param tokensPerSlot KV cache set aside for each, in tokens
 * @param promptCacheBytes of the footprint's cache, what earlier prompts may keep
 * @param contextLength longest prompt plus answer that fits this machine; absent if unknown
 * @param perToken KV cache of one token, derived or assumed
 * @param perStream state of each stream, whatever its length
 * @param grows whether a long prompt may take more than was set aside
 */
public record CachePlan(
    Footprint footprint,
    int slots,
    int tokensPerSlot,
    long promptCacheBytes,
    OptionalInt contextLength,
    long perToken,
    long perStream,
    boolean grows) {
  private static final int SMALLEST_SLOT = 2048;

  /** Part of what the weights leave that prompts may keep which nobody is reading now. */
  private static final int PROMPT_CACHE_PART = 8;

  /** Where memory is short a model works with half its streams and a quarter of what it keeps. */
  private static final int LEAST_SLOTS_PART = 2;

  private static final int LEAST_PROMPT_PART = 4;

  /** KV cache of one token where the model does not tell: more than most models take. */
  private static final long ASSUMED_PER_TOKEN = 256 * 1024;

  /**
   * What a plan is made for.
   *
   * @param weights bytes of the weights
   * @param perToken bytes of KV cache for each token, if it can be derived
   * @param perStream bytes of state of each stream, whatever its length
   * @param contextLength longest prompt plus answer the model was made for, if known
   */
  public record Need(
      long weights, OptionalLong perToken, long perStream, OptionalInt contextLength) {}

  /**
   * Plans for a model that has the machine to itself: as many streams as are wanted and fit, each
   * with as much cache as is wanted and fits, and one at least even if it does not fit.
   */
  public static CachePlan of(Need need, MemoryLimit limit, MemorySettings settings) {
    long perToken = Math.max(1, need.perToken().orElse(ASSUMED_PER_TOKEN));
    int wanted = settings.tokensPerSlot();
    int tokens = Math.min(wanted, need.contextLength().orElse(wanted));
    if (!limit.known()) {
      return plan(need, settings, settings.slots(), tokens, settings.promptCacheBytes(), perToken);
    }
    long room = Math.max(0, limit.bytes() - need.weights() - settings.overheadBytes());
    long perSlot = tokens * perToken + need.perStream();
    long promptCache = Math.min(settings.promptCacheBytes(), room / PROMPT_CACHE_PART);
    promptCache = Math.max(0, Math.min(promptCache, room - perSlot));
    long forStreams = room - promptCache;
    int slots = (int) Math.max(1, Math.min(settings.slots(), forStreams / Math.max(1, perSlot)));
    if (perSlot > forStreams) {
      long fits = Math.max(0, forStreams - need.perStream()) / perToken;
      tokens = (int) Math.max(Math.min(tokens, SMALLEST_SLOT), Math.min(tokens, fits));
    }
    return plan(need, settings, slots, tokens, promptCache, perToken)
        .withContext(longest(need, room - promptCache, perToken));
  }

  private static CachePlan plan(
      Need need, MemorySettings settings, int slots, int tokens, long promptCache, long perToken) {
    long cache = promptCache + slots * (tokens * perToken + need.perStream());
    long perSlot = tokens * perToken + need.perStream();
    long leastSlots = Math.max(1, slots / LEAST_SLOTS_PART);
    long least = promptCache / LEAST_PROMPT_PART + leastSlots * perSlot;
    var footprint = new Footprint(need.weights(), cache, settings.overheadBytes(), least);
    return new CachePlan(
        footprint,
        slots,
        tokens,
        promptCache,
        need.contextLength(),
        perToken,
        need.perStream(),
        true);
  }

  private static OptionalInt longest(Need need, long room, long perToken) {
    long fits = (room - need.perStream()) / perToken;
    if (need.contextLength().isEmpty() || fits < SMALLEST_SLOT) {
      return need.contextLength();
    }
    return OptionalInt.of((int) Math.min(need.contextLength().getAsInt(), fits));
  }

  /** The same with another longest prompt plus answer. */
  public CachePlan withContext(OptionalInt length) {
    return new CachePlan(
        footprint, slots, tokensPerSlot, promptCacheBytes, length, perToken, perStream, grows);
  }

  /** The same for a server that takes all of its cache at the start. */
  public CachePlan fixed() {
    return new CachePlan(
        footprint,
        slots,
        tokensPerSlot,
        promptCacheBytes,
        contextLength,
        perToken,
        perStream,
        false);
  }

  /** KV cache of a stream of so many tokens, in bytes. */
  public long bytesFor(int tokens) {
    return Math.max(0, tokens) * perToken + perStream;
  }
}
