package org.brokecluster.node.away;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.node.away} section.
 *
 * @param batteryFloor charge in percent below which a machine on battery gives its work away; 0 for
 *     never
 * @param memoryCritical whether a machine whose system is about to end programs for want of memory
 *     gives its work away
 * @param sleepLimit longest time that a sleep is held back for answers to move
 */
public record AwaySettings(int batteryFloor, boolean memoryCritical, Duration sleepLimit) {

  /** Reads and checks the section. */
  public static AwaySettings from(SettingsReader reader) {
    return new AwaySettings(
        reader.integer("broke.node.away.battery-floor", 0, 100),
        reader.flag("broke.node.away.memory-critical"),
        reader.duration(
            "broke.node.away.sleep-limit", Duration.ofMillis(100), Duration.ofSeconds(25)));
  }
}
