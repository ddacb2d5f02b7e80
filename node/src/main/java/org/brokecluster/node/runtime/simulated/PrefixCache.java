package org.brokecluster.node.runtime.simulated;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which beginnings of prompts a loaded model still has in its KV cache. Not thread safe. */
final class PrefixCache {
  private final Map<Long, Boolean> blocks;

  /** Remembers at most so many blocks; the least recently used ones go first. */
  PrefixCache(int capacity) {
    blocks =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Tokens at the beginning of the prompt that need not be read again; less than all of them. */
  int cachedTokens(PromptBlocks prompt) {
    int hits = 0;
    for (long block : prompt.blocks()) {
      if (blocks.get(block) == null) {
        break;
      }
      hits++;
    }
    return Math.min(hits * PromptBlocks.BLOCK_TOKENS, prompt.tokens() - 1);
  }

  /** Remembers a prompt that was read; the end goes before the beginning when room gets short. */
  void remember(PromptBlocks prompt) {
    long[] all = prompt.blocks();
    for (int i = all.length - 1; i >= 0; i--) {
      blocks.put(all[i], Boolean.TRUE);
    }
  }
}
