package org.brokecluster.node.runtime.simulated;

import java.util.List;

/**
 * Choices that are the same on every machine for ever: SplitMix64 (Steele, Lea, Flood 2014) from a
 * seed. {@link java.util.Random} would do as well, but costs a lock and says less about intent.
 */
final class Randomness {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  Randomness(long seed) {
    state = seed;
  }

  /** Spreads a number over all 64 bits. */
  static long mix(long value) {
    long z = value + GAMMA;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A fingerprint of a text, the same everywhere. */
  static long hash(CharSequence text) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
    }
    return mix(hash);
  }

  long next() {
    state += GAMMA;
    return mix(state - GAMMA);
  }

  /** From {@code min} to {@code max}, both included. */
  int between(int min, int max) {
    return min + (int) Long.remainderUnsigned(next(), (long) max - min + 1);
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(between(0, choices.size() - 1));
  }
}
