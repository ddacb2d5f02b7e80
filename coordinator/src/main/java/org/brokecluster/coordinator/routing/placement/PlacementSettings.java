package org.brokecluster.coordinator.routing.placement;

import java.time.Duration;
import java.util.Set;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.router.placement} section.
 *
 * @param mode what becomes of a plan
 * @param interval how often it is made anew
 * @param movesPerHour loads and unloads that may be begun in an hour, at least 0
 * @param residence how long a model stays as it is on a node before it is moved again
 * @param gainMin waiting that a move must save in the hour to come
 * @param kept moves remembered, at least 1
 */
public record PlacementSettings(
    PlacementMode mode,
    Duration interval,
    int movesPerHour,
    Duration residence,
    Duration gainMin,
    int kept) {
  private static final String ROOT = "broke.router.placement.";

  /** Reads and checks the section. */
  public static PlacementSettings from(SettingsReader reader) {
    var mode = reader.oneOf(ROOT + "mode", Set.of("off", "suggest", "act"));
    return new PlacementSettings(
        switch (mode) {
          case "off" -> PlacementMode.OFF;
          case "act" -> PlacementMode.ACT;
          default -> PlacementMode.SUGGEST;
        },
        reader.duration(ROOT + "interval", Duration.ofSeconds(1), Duration.ofHours(1)),
        reader.integer(ROOT + "moves-per-hour", 0, 1_000),
        reader.duration(ROOT + "residence", Duration.ZERO, Duration.ofDays(1)),
        reader.duration(ROOT + "gain-min", Duration.ZERO, Duration.ofHours(1)),
        reader.integer(ROOT + "kept", 1, 10_000));
  }
}
