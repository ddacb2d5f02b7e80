package org.brokecluster.node.hardware;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.brokecluster.protocol.state.MachineLoad.Pressure;

/** Files of Linux's {@code /proc} and {@code /etc}. Pure. */
final class ProcFiles {
  private static final double WARN_FROM = 10;
  private static final double CRITICAL_FROM = 10;

  private ProcFiles() {}

  /** Bytes of a line of {@code /proc/meminfo}, such as {@code MemAvailable}. */
  static OptionalLong memory(String meminfo, String name) {
    var match = Pattern.compile("(?m)^" + Pattern.quote(name) + ":\\s+(\\d+) kB$").matcher(meminfo);
    if (!match.find()) {
      return OptionalLong.empty();
    }
    var kib = Numbers.whole(match.group(1));
    return kib.isPresent() ? OptionalLong.of(kib.getAsLong() * 1024) : kib;
  }

  /**
   * Pressure from {@code /proc/pressure/memory}: critical if all programs stood still for a tenth
   * of the last ten seconds, warn if some did.
   */
  static Optional<Pressure> pressure(String stall) {
    var full = average(stall, "full");
    var some = average(stall, "some");
    if (some.isEmpty()) {
      return Optional.empty();
    }
    if (full.orElse(0) >= CRITICAL_FROM) {
      return Optional.of(Pressure.CRITICAL);
    }
    return Optional.of(some.getAsDouble() >= WARN_FROM ? Pressure.WARN : Pressure.NORMAL);
  }

  private static OptionalDouble average(String stall, String who) {
    var match = Pattern.compile("(?m)^" + who + " avg10=([\\d.]+) ").matcher(stall);
    return match.find() ? Numbers.decimal(match.group(1)) : OptionalDouble.empty();
  }

  /** The system's name from {@code /etc/os-release}. */
  static Optional<String> systemName(String osRelease) {
    var match = Pattern.compile("(?m)^PRETTY_NAME=\"?([^\"\\n]{1,80})\"?$").matcher(osRelease);
    return match.find() ? Optional.of(match.group(1).strip()) : Optional.empty();
  }
}
