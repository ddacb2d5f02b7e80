package org.brokecluster.node.hardware;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.brokecluster.protocol.state.MachineLoad.Power;

/** What {@code pmset -g batt} prints (and {@code pmset -g ps}, which is the same). Pure. */
final class PowerOutput {
  private static final Pattern SOURCE = Pattern.compile("Now drawing from '([^']+)'");
  private static final Pattern CHARGE =
      Pattern.compile("-InternalBattery-\\d+[^\\n]*?\\s(\\d{1,3})%;");

  private PowerOutput() {}

  /** Where the electricity comes from. An uninterruptible supply counts as a battery. */
  static Optional<Power> source(String output) {
    var match = SOURCE.matcher(output);
    if (!match.find()) {
      return Optional.empty();
    }
    return switch (match.group(1)) {
      case "AC Power" -> Optional.of(Power.MAINS);
      case "Battery Power", "UPS Power" -> Optional.of(Power.BATTERY);
      default -> Optional.empty();
    };
  }

  /** Charge of the machine's own battery; absent on a desktop. */
  static OptionalInt charge(String output) {
    var match = CHARGE.matcher(output);
    return match.find() ? Numbers.percent(match.group(1)) : OptionalInt.empty();
  }
}
