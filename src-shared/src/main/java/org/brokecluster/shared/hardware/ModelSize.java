package org.brokecluster.shared.hardware;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How large a model is.
 *
 * @param parameters number of weights, at least 1
 * @param activeParameters weights read for each token; fewer than all in a mixture of experts
 * @param bytes memory of all weights, at least 1
 */
public record ModelSize(long parameters, long activeParameters, long bytes) {
  private static final Pattern TOTAL =
      Pattern.compile("(?<![a-z0-9.])(?:(\\d{1,3})x)?(\\d{1,4}(?:\\.\\d+)?)([bm])(?![a-z0-9])");
  private static final Pattern ACTIVE =
      Pattern.compile("(?<![a-z0-9])a(\\d{1,3}(?:\\.\\d+)?)b(?![a-z0-9])");
  private static final long SMALLEST = 1_000_000;

  /** Refuses sizes that contradict each other. */
  public ModelSize {
    if (parameters < 1 || activeParameters < 1 || bytes < 1 || activeParameters > parameters) {
      throw new IllegalArgumentException(
          "model size needs 1 <= active <= parameters and bytes >= 1: parameters=%d active=%d bytes=%d"
              .formatted(parameters, activeParameters, bytes));
    }
  }

  /** A dense or mixed model whose weights all have the same format. */
  public static ModelSize of(long parameters, long activeParameters, Quantization format) {
    long bytes = Math.max(1, Math.round(parameters * format.bytesPerWeight()));
    return new ModelSize(parameters, activeParameters, bytes);
  }

  /** A dense model. */
  public static ModelSize dense(long parameters, Quantization format) {
    return of(parameters, parameters, format);
  }

  /** Whether only a part of the weights is read for each token. */
  public boolean mixture() {
    return activeParameters < parameters;
  }

  /** Bytes of weights read for each token. */
  public double activeBytes() {
    return (double) bytes * activeParameters / parameters;
  }

  /**
   * The number of weights a name states: {@code Qwen3-0.6B} is 0.6 billion, {@code 8x7B} eight
   * times seven billion, {@code 30B-A3B} thirty billion. Nothing if the name states none.
   */
  public static Optional<Long> parametersIn(String name) {
    var match = TOTAL.matcher(name.toLowerCase(Locale.ROOT));
    while (match.find()) {
      double unit = match.group(3).equals("b") ? 1e9 : 1e6;
      double experts = match.group(1) == null ? 1 : Double.parseDouble(match.group(1));
      long found = Math.round(experts * Double.parseDouble(match.group(2)) * unit);
      if (found >= SMALLEST) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /** The number of active weights a name states, as in {@code 30B-A3B}: three billion. */
  public static Optional<Long> activeParametersIn(String name) {
    var match = ACTIVE.matcher(name.toLowerCase(Locale.ROOT));
    return match.find()
        ? Optional.of(Math.round(Double.parseDouble(match.group(1)) * 1e9))
        : Optional.empty();
  }
}
