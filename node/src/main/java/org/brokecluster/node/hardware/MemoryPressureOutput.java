package org.brokecluster.node.hardware;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/** What {@code memory_pressure -Q} prints. Pure. */
final class MemoryPressureOutput {
  private static final Pattern FREE =
      Pattern.compile("System-wide memory free percentage:\\s*(\\d+)%");

  private MemoryPressureOutput() {}

  /** Percent of memory that is free by the system's own count. */
  static OptionalInt freePercent(String output) {
    var match = FREE.matcher(output);
    return match.find() ? Numbers.percent(match.group(1)) : OptionalInt.empty();
  }
}
