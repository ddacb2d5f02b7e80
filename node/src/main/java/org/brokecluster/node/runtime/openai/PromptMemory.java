package org.brokecluster.node.runtime.openai;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Remembers what mlx_lm.server has in its prompt cache after text completions: each prompt together
 * with its answer. A prompt that is exactly that ends the server's only working thread for good, so
 * it must never be sent as it is.
 *
 * <p>Keeps fingerprints, not text. Thread safe.
 */
final class PromptMemory {
  /** Put before a prompt that must not be sent as it is; means next to nothing to a model. */
  static final String SHIFT = "\n";

  private final Set<Long> known;

  /**
   * An empty memory.
   *
   * @param size fingerprints kept; the server keeps 10 unless told otherwise
   */
  PromptMemory(int size) {
    known = Collections.synchronizedSet(Collections.newSetFromMap(bounded(size)));
  }

  private static Map<Long, Boolean> bounded(int size) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
        return size() > size;
      }
    };
  }

  /** Whether a text is what was remembered. */
  boolean has(Text text) {
    return known.contains(text.fingerprint());
  }

  /** Remembers a text. */
  void add(Text text) {
    known.add(text.fingerprint());
  }

  /** A text as it grows, by its fingerprint (FNV-1a over UTF-16). Not thread safe. */
  static final class Text {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private long hash = OFFSET;

    /** Makes it longer. */
    Text append(String more) {
      for (int i = 0; i < more.length(); i++) {
        hash = (hash ^ more.charAt(i)) * PRIME;
      }
      return this;
    }

    /** Begins anew with another text. */
    void restart(String other) {
      hash = OFFSET;
      append(other);
    }

    private long fingerprint() {
      return hash;
    }
  }
}
