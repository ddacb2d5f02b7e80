package org.brokecluster.coordinator.request;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.beats} section: signs of life between an edge and the nodes that work for it.
 *
 * @param interval pause between two beats
 * @param suspect silence after which a node's attempts are given up; at least twice the interval
 */
public record BeatSettings(Duration interval, Duration suspect) {

  /** Reads and checks the section. */
  public static BeatSettings from(SettingsReader reader) {
    var interval =
        reader.duration("broke.beats.interval", Duration.ofMillis(20), Duration.ofSeconds(10));
    var suspect =
        reader.duration("broke.beats.suspect", Duration.ofMillis(40), Duration.ofMinutes(1));
    if (suspect.compareTo(interval.multipliedBy(2)) < 0) {
      reader.problem("broke.beats.suspect", "must be at least twice broke.beats.interval");
    }
    return new BeatSettings(interval, suspect);
  }
}
