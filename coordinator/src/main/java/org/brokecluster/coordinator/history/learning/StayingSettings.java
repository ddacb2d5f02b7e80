package org.brokecluster.coordinator.history.learning;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.router.staying} section: when a conversation keeps its model.
 *
 * @param margin score by which another model must be better, 0 to 1; 0 switches this off
 * @param lasts how long after its last answer a conversation counts as running
 * @param size conversations remembered
 */
public record StayingSettings(double margin, Duration lasts, int size) {
  private static final String ROOT = "broke.router.staying.";

  /** Reads and checks the section. */
  public static StayingSettings from(SettingsReader reader) {
    return new StayingSettings(
        reader.number(ROOT + "margin", 0, 1),
        reader.duration(ROOT + "lasts", Duration.ofSeconds(1), Duration.ofDays(7)),
        reader.integer(ROOT + "size", 10, 1_000_000));
  }
}
