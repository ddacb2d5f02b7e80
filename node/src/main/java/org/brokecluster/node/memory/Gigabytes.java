package org.brokecluster.node.memory;

import java.util.Locale;

/** Sizes for people, in GB of 10^9 bytes. */
public final class Gigabytes {
  private static final double GIGA = 1e9;

  private Gigabytes() {}

  /** With one digit behind the point, such as {@code 20.1 GB}. */
  public static String of(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / GIGA);
  }
}
