package org.brokecluster.shared.hardware;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many bits a weight takes in memory, scales of its group included.
 *
 * @param label as found, such as {@code 4bit}, {@code Q4_K_M} or {@code bf16}
 * @param bitsPerWeight 1 to 32
 */
public record Quantization(String label, double bitsPerWeight) {
  /** Sixteen bits a weight: what a model has whose name says nothing. */
  public static final Quantization BF16 = new Quantization("bf16", 16);

  private static final Pattern MARK =
      Pattern.compile(
          "(?<![a-z0-9])(?:(bf16|f16|fp16)|(f32|fp32)|(mxfp4)|(nvfp4)|(fp8)"
              + "|i?q([1-8])(?:_[a-z0-9]+)*|([2-8])[- ]?bits?|int([48])|w([48])a\\d+)(?![a-z0-9])",
          Pattern.CASE_INSENSITIVE);

  /** Refuses sizes no format has. */
  public Quantization {
    if (!(bitsPerWeight >= 1 && bitsPerWeight <= 32)) {
      throw new IllegalArgumentException("bits per weight must be 1 to 32: " + bitsPerWeight);
    }
  }

  /** Bytes of one weight. */
  public double bytesPerWeight() {
    return bitsPerWeight / 8;
  }

  /**
   * The first format named in a text, such as {@code Qwen3-4B-4bit} or {@code x.Q4_K_M.gguf}.
   * Grouped formats count half a bit a weight for scales and biases (groups of 64), mxfp4 a quarter
   * (groups of 32), as mlx does.
   */
  public static Optional<Quantization> inName(String text) {
    var match = MARK.matcher(text.replace('.', ' ').toLowerCase(Locale.ROOT));
    if (!match.find()) {
      return Optional.empty();
    }
    var label = text.substring(match.start(), match.end());
    return Optional.of(new Quantization(label, bits(match)));
  }

  private static double bits(Matcher match) {
    if (match.group(1) != null) {
      return 16;
    }
    if (match.group(2) != null) {
      return 32;
    }
    if (match.group(3) != null) {
      return 4.25;
    }
    if (match.group(4) != null) {
      return 4.5;
    }
    if (match.group(5) != null) {
      return 8;
    }
    for (int group = 6; group <= match.groupCount(); group++) {
      if (match.group(group) != null) {
        return Integer.parseInt(match.group(group)) + 0.5;
      }
    }
    throw new IllegalStateException("a match without a group");
  }
}
