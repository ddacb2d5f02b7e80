package org.brokecluster.node.runtime.disk;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Keys and values of a GGUF file: whole numbers as {@code Long}, lists of them as {@code long[]},
 * texts as {@code String}. Pure but for {@link #read}.
 */
final class GgufValues {
  private static final int TEXT_MAX = 4 << 20;
  private static final int LIST_MAX = 4096;
  private static final long COUNT_MAX = 1L << 26;

  /** Longest text by which it is still a chat template and not a vocabulary. */
  private static final String TOKENS = "tokenizer.ggml.";

  private static final int TYPE_STRING = 8;
  private static final int TYPE_ARRAY = 9;

  /** Bytes of each type by its number: whole numbers, floats, a flag; 0 for texts and lists. */
  private static final int[] WIDTHS = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  private static final int TYPE_FLOAT = 6;
  private static final int TYPE_DOUBLE = 12;

  /** Labels by the number that {@code general.file_type} gives, as llama.cpp has it. */
  private static final Map<Long, String> FILE_TYPES =
      Map.ofEntries(
          Map.entry(0L, "F32"),
          Map.entry(1L, "F16"),
          Map.entry(2L, "Q4_0"),
          Map.entry(3L, "Q4_1"),
          Map.entry(7L, "Q8_0"),
          Map.entry(8L, "Q5_0"),
          Map.entry(9L, "Q5_1"),
          Map.entry(10L, "Q2_K"),
          Map.entry(11L, "Q3_K_S"),
          Map.entry(12L, "Q3_K_M"),
          Map.entry(13L, "Q3_K_L"),
          Map.entry(14L, "Q4_K_S"),
          Map.entry(15L, "Q4_K_M"),
          Map.entry(16L, "Q5_K_S"),
          Map.entry(17L, "Q5_K_M"),
          Map.entry(18L, "Q6_K"),
          Map.entry(19L, "IQ2_XXS"),
          Map.entry(20L, "IQ2_XS"),
          Map.entry(21L, "Q2_K_S"),
          Map.entry(22L, "IQ3_XS"),
          Map.entry(23L, "IQ3_XXS"),
          Map.entry(24L, "IQ1_S"),
          Map.entry(25L, "IQ4_NL"),
          Map.entry(26L, "IQ3_S"),
          Map.entry(27L, "IQ3_M"),
          Map.entry(28L, "IQ2_S"),
          Map.entry(29L, "IQ2_M"),
          Map.entry(30L, "IQ4_XS"),
          Map.entry(31L, "IQ1_M"),
          Map.entry(32L, "BF16"),
          Map.entry(38L, "MXFP4"));

  private final Map<String, Object> values;

  GgufValues(Map<String, Object> values) {
    this.values = values;
  }

  /** The value that comes next; nothing if it is none that matters. */
  static Optional<Object> read(LittleEndianInput in, String key) throws IOException {
    return value(in, in.int32(), key);
  }

  private static Optional<Object> value(LittleEndianInput in, int type, String key)
      throws IOException {
    if (type == TYPE_STRING) {
      if (key.startsWith(TOKENS)) {
        in.skip(in.int64());
        return Optional.empty();
      }
      return Optional.of(in.text(TEXT_MAX));
    }
    if (type == TYPE_ARRAY) {
      return list(in);
    }
    if (type < 0 || type >= WIDTHS.length) {
      throw new IOException("a value in the head has an unknown type");
    }
    long number = in.number(WIDTHS[type]);
    return type == TYPE_FLOAT || type == TYPE_DOUBLE ? Optional.empty() : Optional.of(number);
  }

  private static Optional<Object> list(LittleEndianInput in) throws IOException {
    int type = in.int32();
    long count = in.int64();
    if (count < 0 || count > COUNT_MAX || type == TYPE_ARRAY) {
      throw new IOException("a list in the head is too long or nested");
    }
    if (type == TYPE_STRING) {
      for (long i = 0; i < count; i++) {
        in.skip(in.int64());
      }
      return Optional.empty();
    }
    if (type < 0 || type >= WIDTHS.length) {
      throw new IOException("a list in the head has an unknown type");
    }
    if (count > LIST_MAX || type == TYPE_FLOAT || type == TYPE_DOUBLE) {
      in.skip(count * WIDTHS[type]);
      return Optional.empty();
    }
    var numbers = new long[(int) count];
    for (int i = 0; i < count; i++) {
      numbers[i] = in.number(WIDTHS[type]);
    }
    return Optional.of(numbers);
  }

  String text(String key) {
    return values.get(key) instanceof String text ? text : "";
  }

  /** A whole number, not negative. */
  OptionalLong number(String key) {
    return values.get(key) instanceof Long number && number >= 0
        ? OptionalLong.of(number)
        : OptionalLong.empty();
  }

  OptionalInt integer(String key) {
    var number = number(key);
    return number.isPresent() && number.getAsLong() > 0 && number.getAsLong() < Integer.MAX_VALUE
        ? OptionalInt.of((int) number.getAsLong())
        : OptionalInt.empty();
  }

  /** A number for each layer: a list of that length, or one for all. Empty if there is neither. */
  long[] perLayer(String key, long layers, OptionalLong otherwise) {
    if (values.get(key) instanceof long[] list) {
      return list.length == layers ? list : new long[0];
    }
    var number = number(key);
    var one = number.isPresent() ? number : otherwise;
    if (one.isEmpty() || layers < 1 || layers > LIST_MAX) {
      return new long[0];
    }
    var all = new long[(int) layers];
    Arrays.fill(all, one.getAsLong());
    return all;
  }

  static Optional<String> fileType(OptionalLong number) {
    return number.isPresent()
        ? Optional.ofNullable(FILE_TYPES.get(number.getAsLong()))
        : Optional.empty();
  }
}
