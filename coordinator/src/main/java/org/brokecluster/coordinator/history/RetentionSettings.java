package org.brokecluster.coordinator.history;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * How long and how much of the history is kept.
 *
 * @param days whole days kept at least, the oldest beyond them are removed
 * @param bytes events kept at most, in bytes; the current day is never removed
 * @param interval between two looks
 */
public record RetentionSettings(int days, long bytes, Duration interval) {
  private static final String SECTION = "broke.history.retention.";

  static RetentionSettings from(SettingsReader reader) {
    return new RetentionSettings(
        reader.integer(SECTION + "days", 1, 36_500),
        reader.bytes(SECTION + "bytes", 1 << 20, 1L << 50),
        reader.duration(SECTION + "interval", Duration.ofMillis(100), Duration.ofDays(7)));
  }
}
