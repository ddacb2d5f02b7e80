package org.brokecluster.coordinator.cli.text;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

/** Numbers and times as people read them. Pure; independent of the machine's language. */
public final class Figures {
  private static final List<String> BYTE_UNITS = List.of("B", "kB", "MB", "GB", "TB");
  private static final List<String> COUNT_UNITS = List.of("", "K", "M", "B", "T");
  private static final double ROUNDS_UP = 0.9995;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private Figures() {}

  /** A size of a file in powers of 1000: {@code 18.2 GB}. */
  public static String bytes(long bytes) {
    return scaled(bytes, BYTE_UNITS, " ");
  }

  /** Memory, which is sold in powers of 1024: {@code 16 GB} is what the box says too. */
  public static String memory(long bytes) {
    double gibibytes = bytes / (double) (1L << 30);
    return format(gibibytes >= 9.95 ? "%.0f GB" : "%.1f GB", gibibytes);
  }

  /** A number of weights: {@code 32.8B}. */
  public static String count(long count) {
    return scaled(count, COUNT_UNITS, "");
  }

  /** A time: {@code 85 ms}, {@code 3.2 s}, {@code 4 min 10 s}, {@code 2 h 5 min}. */
  public static String millis(long millis) {
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return format("%.1f s", millis / 1000.0);
    }
    long seconds = Math.round(millis / 1000.0);
    return seconds < 3600
        ? seconds / 60 + " min " + seconds % 60 + " s"
        : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }

  /** A share or score with two digits. */
  public static String score(double score) {
    return format("%.2f", score);
  }

  /** An ISO instant in this time zone; what is no instant stays as it is. */
  public static String time(String instant, ZoneId zone) {
    try {
      return TIME.withZone(zone).format(Instant.parse(instant));
    } catch (DateTimeParseException e) {
      return instant;
    }
  }

  private static String scaled(long amount, List<String> units, String gap) {
    double value = amount;
    int unit = 0;
    while (value >= 1000 * ROUNDS_UP && unit < units.size() - 1) {
      value /= 1000;
      unit++;
    }
    var digits = unit == 0 || value >= 100 ? "%.0f" : "%.1f";
    return (format(digits, value) + gap + units.get(unit)).strip();
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
