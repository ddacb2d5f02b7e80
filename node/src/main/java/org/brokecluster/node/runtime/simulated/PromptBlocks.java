package org.brokecluster.node.runtime.simulated;

import java.util.Arrays;

/**
 * Fingerprints of a prompt's beginnings, one for each further block of text, each depending on all
 * text before it: two prompts share as many leading blocks as they share text. Never keeps the
 * text. Not thread safe.
 */
final class PromptBlocks {
  /** Tokens in a block. */
  static final int BLOCK_TOKENS = 64;

  private static final int BLOCK_CHARS = BLOCK_TOKENS * WordPieces.CHARS_PER_TOKEN;
  private static final long START = 0xCBF29CE484222325L;
  private static final long PRIME = 0x100000001B3L;

  private long[] blocks = new long[8];
  private int count;
  private long running = START;
  private long chars;

  PromptBlocks() {}

  private PromptBlocks(PromptBlocks other) {
    blocks = other.blocks.clone();
    count = other.count;
    running = other.running;
    chars = other.chars;
  }

  /** A copy that can grow in another direction. */
  PromptBlocks copy() {
    return new PromptBlocks(this);
  }

  /** Adds text at the end. */
  void append(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      running = (running ^ text.charAt(i)) * PRIME;
      if (++chars % BLOCK_CHARS == 0) {
        add(Randomness.mix(running));
      }
    }
  }

  /** Fingerprints of all whole blocks, the first one first. */
  long[] blocks() {
    return Arrays.copyOf(blocks, count);
  }

  /** Fingerprint of the whole text. */
  long fingerprint() {
    return Randomness.mix(running ^ Randomness.mix(chars));
  }

  /** Tokens of the whole text, at least 1. */
  int tokens() {
    long tokens = (chars + WordPieces.CHARS_PER_TOKEN - 1) / WordPieces.CHARS_PER_TOKEN;
    return (int) Math.max(1, Math.min(tokens, Integer.MAX_VALUE));
  }

  private void add(long block) {
    if (count == blocks.length) {
      blocks = Arrays.copyOf(blocks, count * 2);
    }
    blocks[count++] = block;
  }
}
