package org.brokecluster.node.drill;

import java.time.Duration;
import java.util.Set;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.node.drill} section.
 *
 * @param allowed whether the node takes part: {@code true}, {@code false}, or {@code auto} for a
 *     machine that only pretends to be one
 * @param longest longest drill
 * @param keepMax messages kept back during a drill; further ones are lost
 */
public record DrillSettings(String allowed, Duration longest, int keepMax) {
  private static final String SECTION = "broke.node.drill.";

  /** Reads and checks the section. */
  public static DrillSettings from(SettingsReader reader) {
    return new DrillSettings(
        reader.oneOf(SECTION + "allowed", Set.of("auto", "true", "false")),
        reader.duration(SECTION + "longest", Duration.ofSeconds(1), Duration.ofMinutes(10)),
        reader.integer(SECTION + "kept-max", 0, 1_000_000));
  }

  /** Whether a machine takes part. */
  boolean willing(boolean simulated) {
    return allowed.equals("auto") ? simulated : Boolean.parseBoolean(allowed);
  }
}
