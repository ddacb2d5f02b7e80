package org.brokecluster.node.hardware;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.brokecluster.protocol.state.MachineLoad.Thermal;

/**
 * What {@code pmset -g therm} prints: on Intel a speed limit in percent, on Apple silicon mostly
 * two notes that no warning was recorded, else warning levels. Pure.
 */
final class ThermalOutput {
  private static final Pattern SPEED = Pattern.compile("CPU_Speed_Limit\\s*=\\s*(\\d+)");
  private static final Pattern LEVEL =
      Pattern.compile("(?i)^\\s*(?:thermal|performance) warning level\\s*[:=]\\s*(\\d+)");
  private static final String NO_WARNING = "No thermal warning level has been recorded";
  private static final int FAIR_BELOW = 100;
  private static final int SERIOUS_BELOW = 80;
  private static final int CRITICAL_BELOW = 50;

  private ThermalOutput() {}

  /** Speed that heat leaves to the processor, 1 to 100; the last one that was recorded. */
  static OptionalInt speedLimit(String output) {
    var match = SPEED.matcher(output);
    var last = OptionalInt.empty();
    while (match.find()) {
      var percent = Numbers.percent(match.group(1));
      if (percent.isPresent() && percent.getAsInt() > 0) {
        last = percent;
      }
    }
    return last;
  }

  /** The state: from the speed limit, else from a warning level, else nominal if there is none. */
  static Optional<Thermal> state(String output) {
    var limit = speedLimit(output);
    if (limit.isPresent()) {
      return Optional.of(of(limit.getAsInt()));
    }
    var level = output.lines().map(LEVEL::matcher).filter(line -> line.find()).findFirst();
    if (level.isPresent()) {
      return Optional.of(level.get().group(1).equals("0") ? Thermal.NOMINAL : Thermal.SERIOUS);
    }
    return output.contains(NO_WARNING) ? Optional.of(Thermal.NOMINAL) : Optional.empty();
  }

  private static Thermal of(int limit) {
    if (limit >= FAIR_BELOW) {
      return Thermal.NOMINAL;
    }
    if (limit >= SERIOUS_BELOW) {
      return Thermal.FAIR;
    }
    return limit >= CRITICAL_BELOW ? Thermal.SERIOUS : Thermal.CRITICAL;
  }
}
