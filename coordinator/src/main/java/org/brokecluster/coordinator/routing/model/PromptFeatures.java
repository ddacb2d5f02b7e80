package org.brokecluster.coordinator.routing.model;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A prompt as numbers: how often each word and each pair of words stands in it, hashed into {@value
 * #BUCKETS} buckets, and the figures of {@link ShapeFeatures}. Looks at {@value #HEAD_CHARS}
 * characters at the start and {@value #TAIL_CHARS} at the end, so that the cost does not grow with
 * the prompt. Digits become the length of their number, so that no figure is learned by heart. The
 * text cannot be had back.
 */
public final class PromptFeatures {
  /** Number of buckets, a power of 2. */
  public static final int BUCKETS = 1 << 16;

  private static final int HEAD_CHARS = 1536;
  private static final int TAIL_CHARS = 512;
  private static final int DIGITS_MAX = 5;
  private static final int SLOTS_MIN = 64;

  /** Instead of its bucket for a word in another script, of which hardly any was learned from. */
  static final int UNKNOWN = -1;

  /** Here the letters of Latin scripts end. */
  private static final char LATIN_END = 0x250;

  private static final float[] LOGS = new float[64];

  static {
    for (int count = 1; count < LOGS.length; count++) {
      LOGS[count] = (float) (1 + Math.log(count));
    }
  }

  private final int[] buckets;
  private final float[] weights;
  private final float[] shape;
  private final int[] words;

  private PromptFeatures(int[] buckets, float[] weights, float[] shape, int[] words) {
    this.buckets = buckets;
    this.weights = weights;
    this.shape = shape;
    this.words = words;
  }

  /** The features of a text; any text has them, also an empty one. */
  public static PromptFeatures of(String text) {
    var sample = sample(text);
    var counts = new Counts(sample.length);
    hash(sample, counts);
    return new PromptFeatures(
        counts.buckets(),
        counts.weights(),
        ShapeFeatures.of(sample, text.length()),
        counts.words());
  }

  /** Writes them; the text is not among it, nor which of them are words. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(buckets.length);
    for (int i = 0; i < buckets.length; i++) {
      out.writeShort(buckets[i]);
      out.writeFloat(weights[i]);
    }
    for (float each : shape) {
      out.writeFloat(each);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if it is damaged
   */
  public static PromptFeatures read(DataInput in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > BUCKETS) {
      throw new IOException("damaged features: " + count + " buckets");
    }
    var buckets = new int[count];
    var weights = new float[count];
    for (int i = 0; i < count; i++) {
      buckets[i] = in.readUnsignedShort() & (BUCKETS - 1);
      weights[i] = in.readFloat();
    }
    var shape = new float[ShapeFeatures.COUNT];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = in.readFloat();
    }
    return new PromptFeatures(buckets, weights, shape, new int[0]);
  }

  private static char[] sample(String text) {
    if (text.length() <= HEAD_CHARS + TAIL_CHARS) {
      return text.toCharArray();
    }
    var chars = new char[HEAD_CHARS + 1 + TAIL_CHARS];
    text.getChars(0, HEAD_CHARS, chars, 0);
    chars[HEAD_CHARS] = ' ';
    text.getChars(text.length() - TAIL_CHARS, text.length(), chars, HEAD_CHARS + 1);
    return chars;
  }

  /** Buckets that occur, each once. */
  int[] buckets() {
    return buckets;
  }

  /** 1 + ln of the occurrences, in the order of {@link #buckets}. */
  float[] weights() {
    return weights;
  }

  /** The figures of {@link ShapeFeatures}. */
  float[] shape() {
    return shape;
  }

  /** Bucket of each word in its order, or {@link #UNKNOWN}; empty if they were read from a file. */
  int[] words() {
    return words;
  }

  private static void hash(char[] text, Counts counts) {
    int before = 0;
    int i = 0;
    while (i < text.length) {
      char c = lower(text[i]);
      int token;
      boolean word = isLetter(c);
      boolean latin = true;
      if (word) {
        token = 0;
        while (i < text.length && isLetter(lower(text[i]))) {
          token = token * 31 + lower(text[i]);
          latin &= text[i] < LATIN_END;
          i++;
        }
      } else if (isDigit(c)) {
        int from = i;
        while (i < text.length && isDigit(text[i])) {
          i++;
        }
        token = -Math.min(DIGITS_MAX, i - from);
      } else {
        i++;
        if (Character.isWhitespace(c)) {
          continue;
        }
        token = c;
      }
      int mixed = mix(token);
      counts.add(mixed);
      if (word) {
        counts.word(latin ? mixed & (BUCKETS - 1) : UNKNOWN);
      }
      if (before != 0) {
        counts.add(mix(before * 0x9E3779B1 + mixed));
      }
      before = mixed | 1;
    }
  }

  static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c > 127 && Character.isLetter(c));
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c > 127 ? Character.toLowerCase(c) : c;
  }

  /** Finaliser of MurmurHash3: spreads the bits of a number. */
  private static int mix(int value) {
    int h = value;
    h ^= h >>> 16;
    h *= 0x85EBCA6B;
    h ^= h >>> 13;
    h *= 0xC2B2AE35;
    return h ^ (h >>> 16);
  }

  /** Counts by bucket, in a table with open addressing that is never more than half full. */
  private static final class Counts {
    private final int[] keys;
    private final int[] counts;
    private final int[] words;
    private int size;
    private int wordCount;

    Counts(int chars) {
      int slots = Math.max(SLOTS_MIN, Integer.highestOneBit(4 * chars + 1) * 2);
      keys = new int[slots];
      counts = new int[slots];
      words = new int[chars / 2 + 1];
    }

    void word(int bucket) {
      words[wordCount++] = bucket;
    }

    int[] words() {
      return Arrays.copyOf(words, wordCount);
    }

    void add(int hash) {
      int bucket = hash & (BUCKETS - 1);
      int slot = ((bucket * 0x9E3779B1) >>> 8) & (keys.length - 1);
      while (counts[slot] > 0 && keys[slot] != bucket) {
        slot = (slot + 1) & (keys.length - 1);
      }
      size += counts[slot] == 0 ? 1 : 0;
      keys[slot] = bucket;
      counts[slot]++;
    }

    /** In the order of their slots, which depends on the text alone. */
    int[] buckets() {
      var found = new int[size];
      int at = 0;
      for (int slot = 0; slot < keys.length; slot++) {
        if (counts[slot] > 0) {
          found[at++] = keys[slot];
        }
      }
      return found;
    }

    float[] weights() {
      var weights = new float[size];
      int at = 0;
      for (int count : counts) {
        if (count > 0) {
          weights[at++] = count < LOGS.length ? LOGS[count] : (float) (1 + Math.log(count));
        }
      }
      return weights;
    }
  }
}
