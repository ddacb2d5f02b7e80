package org.brokecluster.coordinator.history.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Texts that return again and again in a journal, and what they were made into: a model's name is
 * checked once and not a million times. A table of fixed size in which a newer text takes an older
 * one's place, so names without end cost time and never memory. Not thread safe.
 */
final class KnownNames<T> {
  private static final int TEXT_MAX = 256;

  private final Function<String, T> make;
  private final byte @Nullable [][] texts;
  private final @Nullable Object[] values;

  /**
   * Knows nothing yet.
   *
   * @param slots texts kept at most, a power of two
   * @param make what a text becomes; refuses it with an {@link IllegalArgumentException}
   */
  KnownNames(int slots, Function<String, T> make) {
    this.make = make;
    texts = new byte[slots][];
    values = new Object[slots];
  }

  /** What the bytes from {@code from} up to {@code to}, plain UTF-8, were made into. */
  T get(byte[] json, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + json[i];
    }
    int slot = (hash ^ hash >>> 15) & (texts.length - 1);
    var known = texts[slot];
    if (known != null && Arrays.equals(known, 0, known.length, json, from, to)) {
      @SuppressWarnings("unchecked") // only what was made is put here, together with its text
      var value = (T) values[slot];
      return value;
    }
    var made = make.apply(new String(json, from, to - from, StandardCharsets.UTF_8));
    if (to - from <= TEXT_MAX) {
      texts[slot] = Arrays.copyOfRange(json, from, to);
      values[slot] = made;
    }
    return made;
  }

  /** What a text is made into that could not be taken from the bytes as they are. */
  T make(String text) {
    return make.apply(text);
  }
}
