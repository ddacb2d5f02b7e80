package org.brokecluster.node.hardware;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Numbers in texts that somebody else has written; what is not one is absent. Pure. */
final class Numbers {
  private static final int DIGITS_MAX = 18;

  private Numbers() {}

  /** Decimal digits and nothing else. */
  static OptionalLong whole(String text) {
    boolean digits =
        !text.isEmpty()
            && text.length() <= DIGITS_MAX
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  /** A number within 0 to 100. */
  static OptionalInt percent(String text) {
    var number = whole(text);
    return number.isPresent() && number.getAsLong() <= 100
        ? OptionalInt.of((int) number.getAsLong())
        : OptionalInt.empty();
  }

  /** A number with or without a fraction, not negative. */
  static OptionalDouble decimal(String text) {
    try {
      double value = Double.parseDouble(text);
      return value >= 0 && value <= Long.MAX_VALUE
          ? OptionalDouble.of(value)
          : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  static @Nullable Integer boxed(OptionalInt value) {
    return value.isPresent() ? Integer.valueOf(value.getAsInt()) : null;
  }

  static @Nullable Long boxed(OptionalLong value) {
    return value.isPresent() ? Long.valueOf(value.getAsLong()) : null;
  }
}
