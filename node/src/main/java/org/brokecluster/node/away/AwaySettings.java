package org.brokecluster.node.away;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.node.hardware.MachineWatch.OwnerLook;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.node.away} section.
 *
 * @param batteryFloor charge in percent below which a machine on battery gives its work away; 0 for
 *     never
 * @param memoryCritical whether a machine whose system is about to end programs for want of memory
 *     gives its work away
 * @param onBattery whether a machine on battery gives its work away, however full that is
 * @param hours when the machine gives its work away, in its own time
 * @param untouched the machine gives its work away while its owner uses it, until nothing was
 *     touched for this long; zero where that does not matter
 * @param sleepLimit longest time that a sleep is held back for answers to move
 */
public record AwaySettings(
    int batteryFloor,
    boolean memoryCritical,
    boolean onBattery,
    List<Hours> hours,
    Duration untouched,
    Duration sleepLimit) {
  private static final String ROOT = "broke.node.away.";

  /** Copies the list. */
  public AwaySettings {
    hours = List.copyOf(hours);
  }

  /** Reads and checks the section. */
  public static AwaySettings from(SettingsReader reader) {
    return new AwaySettings(
        reader.integer(ROOT + "battery-floor", 0, 100),
        reader.flag(ROOT + "memory-critical"),
        reader.flag(ROOT + "on-battery"),
        hours(reader),
        reader.duration(ROOT + "untouched", Duration.ZERO, Duration.ofDays(1)),
        reader.duration(ROOT + "sleep-limit", Duration.ofMillis(100), Duration.ofSeconds(25)));
  }

  private static List<Hours> hours(SettingsReader reader) {
    var hours = new ArrayList<Hours>();
    for (var text : reader.texts(ROOT + "hours")) {
      try {
        hours.add(Hours.parse(text));
      } catch (IllegalArgumentException e) {
        reader.problem(ROOT + "hours", e.getMessage());
      }
    }
    return hours;
  }

  /** What of the owner has to be looked at. */
  public OwnerLook ownerLook() {
    if (!untouched.isZero()) {
      return OwnerLook.TOUCH;
    }
    return hours.isEmpty() ? OwnerLook.NONE : OwnerLook.TIME;
  }
}
